package office

import (
	"errors"
	"net/http"
	"net/url"
	"path/filepath"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
)

// What PocketBase may use: connections in a pool, and the time for one query of a reader.
const (
	maxConns   = 2
	maxReading = 10 * time.Second
)

// errNever is what happens to everything that PocketBase can do and this host does another way, or not at all.
var errNever = errors.New("the back office does not do this")

// base makes PocketBase without starting it, and takes away what it must not do here.
func base(host string, patience time.Duration) *core.BaseApp {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: host, DBConnect: connect, QueryTimeout: patience,
		DataMaxOpenConns: maxConns, DataMaxIdleConns: maxConns, AuxMaxOpenConns: maxConns, AuxMaxIdleConns: 1})
	// One process has the folder, so nobody else's changes need watching.
	app.OnBootstrap().Unbind("__pbNotifyWatcherSystemHook__")
	// There are no uploads: without this, each removal looks for them in the background.
	app.OnModelAfterDeleteSuccess().Unbind("__pbFilesManagerDelete__")
	// A backup of its own would drop SQLite's locks on the file, and a restore would restart the process.
	app.OnBackupCreate().BindFunc(func(*core.BackupEvent) error { return errNever })
	app.OnBackupRestore().BindFunc(func(*core.BackupEvent) error { return errNever })
	app.OnServe().BindFunc(func(*core.ServeEvent) error { return errNever })
	app.OnMailerSend().BindFunc(func(*core.MailerEvent) error { return errNever })
	app.OnRecordAuthRequest().BindFunc(func(*core.RecordAuthRequestEvent) error { return errNever })
	// A superuser can reach every file that the process can.
	app.OnRecordCreate(core.CollectionNameSuperusers).BindFunc(func(*core.RecordEvent) error { return errNever })
	app.OnRecordUpdate(core.CollectionNameSuperusers).BindFunc(func(*core.RecordEvent) error { return errNever })
	quiet(app.Settings())
	return app
}

// quiet is the settings with which PocketBase keeps no logs, sends nothing, backs nothing up, and believes no proxy.
// It returns whether they were others.
func quiet(s *core.Settings) bool {
	before := s.String()
	s.Logs = core.LogsConfig{}
	s.SMTP = core.SMTPConfig{Port: 587}
	s.S3, s.Backups = core.S3Config{}, core.BackupsConfig{}
	s.Batch.Enabled, s.RateLimits.Enabled = false, false
	s.TrustedProxy = core.TrustedProxyConfig{}
	s.Meta.AppName, s.Meta.HideControls = "Rowhouse", true
	return s.String() != before
}

// settle puts back what somebody may have changed in the file: settings and superusers.
func settle(app *core.BaseApp) error {
	var superusers int
	if err := app.NonconcurrentDB().NewQuery(`select count(*) from _superusers`).Row(&superusers); err != nil {
		return err
	}
	if superusers > 0 {
		return errors.New("the host's file holds a PocketBase superuser, who could reach every file: delete the rows of _superusers")
	}
	settings, err := app.Settings().Clone()
	if err != nil {
		return err
	}
	if !quiet(settings) {
		return nil
	}
	return app.Save(settings)
}

// connect opens a pool on one of PocketBase's two files, as safely as the host's own connections do.
func connect(path string) (*dbx.DB, error) {
	v := url.Values{"mode": {"rw"}, "_error_rc": {"1"}, "_txlock": {"immediate"}}
	v["_pragma"] = []string{
		"busy_timeout(5000)",
		"cache_size(-256)",
		"cell_size_check(1)",
		"foreign_keys(1)",
		"journal_mode(wal)",
		"journal_size_limit(1048576)",
		"synchronous(full)", // with less, a power cut loses acknowledged writes
		"temp_store(memory)",
		"trusted_schema(0)",
	}
	u := url.URL{Path: filepath.ToSlash(path)}
	return dbx.Open("sqlite", "file:"+u.EscapedPath()+"?"+v.Encode())
}

// routes builds PocketBase's own routes, once: each time, hooks are added to the app.
func routes(app *core.BaseApp) (http.Handler, error) {
	r, err := apis.NewRouter(app)
	if err != nil {
		return nil, err
	}
	return r.BuildMux()
}

// end stops what runs in the background, then closes the files.
func end(app *core.BaseApp) error {
	e := new(core.TerminateEvent)
	e.App = app
	stopped := app.OnTerminate().Trigger(e, func(e *core.TerminateEvent) error { return e.Next() })
	return errors.Join(stopped, app.ResetBootstrapState())
}
