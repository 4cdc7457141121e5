package main

import (
	"context"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/robfig/cron/v3"

	"rowhouse/billing"
	"rowhouse/crm"
	"rowhouse/crm/record"
	"rowhouse/crm/staff"
	"rowhouse/data"
	"rowhouse/data/fault"
)

// listen takes the address before anything is said about being ready.
func listen(addr string) (net.Listener, error) {
	l, err := net.Listen("tcp", addr)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fault.New(fault.Conflict, "Something else is listening on %s already.", addr)
	}
	if err != nil {
		return nil, fault.Because(err, fault.Invalid, "Cannot listen on %s", addr)
	}
	return l, nil
}

// server is what answers, with limits on everything that a stranger can send or be slow with.
func (a *app) server() *http.Server {
	return &http.Server{Handler: a.handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute, WriteTimeout: 5 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 32 << 10, ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelDebug)}
}

// serve answers requests until the process is told to stop; requests on their way are finished.
func (a *app) serve(ctx context.Context, l net.Listener) error {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	a.begin(ctx)
	server := a.server()
	server.RegisterOnShutdown(a.crm.Hub.EndAll)
	done := make(chan error, 1)
	go func() { done <- server.Serve(l) }()
	select {
	case err := <-done:
		return err
	case <-ctx.Done():
	}
	slog.Info("stopping")
	end, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	if err := server.Shutdown(end); err != nil {
		return errors.Join(err, server.Close())
	}
	return nil
}

// begin starts what runs beside the requests: one worker, woken by a timer and by registrations.
func (a *app) begin(ctx context.Context) {
	ctx, a.stop = context.WithCancel(ctx)
	timer := cron.New(cron.WithChain(cron.SkipIfStillRunning(cron.DiscardLogger))) // a long turn of the month is not begun twice
	for spec, work := range map[string]func(context.Context) error{"@every 10s": a.tick, "@every 1h": a.hourly, "@every 5s": a.tell, "@every 1m": a.nightly} {
		if _, err := timer.AddFunc(spec, func() { a.try(ctx, work) }); err != nil {
			panic(err) // the words are constants
		}
	}
	timer.Start()
	a.work.Add(1)
	go func() {
		defer a.work.Done()
		defer func() { <-timer.Stop().Done() }()
		a.try(ctx, a.tick)            // what a stop has left undone
		a.try(ctx, a.billing.CatchUp) // and what gateways have said in the meantime
		for {
			select {
			case <-ctx.Done():
				return
			case <-a.wake:
				a.try(ctx, a.listen)
			}
		}
	}()
}

func (a *app) try(ctx context.Context, work func(context.Context) error) {
	if err := work(ctx); err != nil && ctx.Err() == nil {
		slog.Error("scheduled work failed", "err", err)
	}
}

// listen does what follows from what gateways and visitors have said.
func (a *app) listen(ctx context.Context) error {
	return errors.Join(a.billing.Listen(ctx), a.board.Do(ctx, "provisioning"))
}

// tick does what is due: payments, provisioning, letters, closing idle files.
func (a *app) tick(ctx context.Context) error {
	a.tenants.Files.Sweep(time.Now())
	return errors.Join(a.desk.Deliver(ctx), a.listen(ctx), a.billing.Tick(ctx), a.panel.SendAnnouncements(ctx), a.billing.AuditDaily(ctx), a.board.Do(ctx, "letters"))
}

// hourly frees names that were never taken, and tidies the files of the tenants.
func (a *app) hourly(ctx context.Context) error {
	return errors.Join(a.board.Do(ctx, "reservations"), a.board.Do(ctx, "tidying"))
}

// noteUsage tells billing how much of its limits a tenant uses.
func (a *app) noteUsage(ctx context.Context, db *data.DB, name string) error {
	t, err := a.tenants.ByName(ctx, name)
	if err != nil {
		return err
	}
	seats, err := staff.Seats(ctx, db)
	if err != nil {
		return err
	}
	room, err := (&record.Store{DB: db}).UsedRoom(ctx)
	if err != nil {
		return err
	}
	seen, people, err := staff.Presence(ctx, db, a.clock.Now())
	if err != nil {
		return err
	}
	if err := a.tenants.NotePresence(ctx, name, seen, people); err != nil {
		return err
	}
	return a.billing.NoteUsage(ctx, t, billing.Usage{Staff: seats, Room: room})
}

func (a *app) tidy(ctx context.Context, name string) error {
	db, done, err := a.tenants.Files.Use(ctx, name)
	if err != nil {
		return err
	}
	defer done()
	a.forward(ctx, db, name)
	if err := a.noteUsage(ctx, db, name); err != nil {
		return err
	}
	if err := crm.Clean(ctx, db, a.clock.Now()); err != nil {
		return err
	}
	return record.Sweep(ctx, db, filepath.Join(a.tenants.Folder(name), "files"), a.clock.Now())
}
