package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"

	"rowhouse/data"
	"rowhouse/data/fault"
	"rowhouse/tenant"
)

// finding is one thing that the doctor looked at.
type finding struct {
	What string `json:"what"`
	OK   bool   `json:"ok"`
	Say  string `json:"say"`
}

func runDoctor(ctx context.Context, args []string, out io.Writer) error {
	f := flagSet("doctor", "Checks the machine, the folder and every tenant's file. Exit code 1 if something is wrong.", out)
	dir := f.String("dir", defaultDir(), "where everything is kept")
	domain := f.String("domain", "example.com", "the host's domain")
	asJSON := f.Bool("json", false, "answer as JSON")
	if err := parse(f, args); err != nil {
		return err
	}
	list := machine(*dir)
	a, err := openApp(ctx, *dir, *domain)
	if err != nil {
		list = append(list, finding{"folder", false, fault.Of(err).Error()})
	} else {
		list = append(list, a.examine(ctx)...)
		if err := a.close(); err != nil {
			return err
		}
	}
	bad := 0
	for _, x := range list {
		word := "ok  "
		if !x.OK {
			word = "BAD "
			bad++
		}
		if !*asJSON {
			fmt.Fprintf(out, "%s %-22s %s\n", word, x.What, x.Say)
		}
	}
	if *asJSON {
		if err := writeJSON(out, list); err != nil {
			return err
		}
	}
	if bad > 0 {
		return fault.New(fault.Damaged, "%d of %d checks found something wrong.", bad, len(list))
	}
	return nil
}

// machine looks at what the operating system gives.
func machine(dir string) []finding {
	var list []finding
	var limit unix.Rlimit
	err := unix.Getrlimit(unix.RLIMIT_NOFILE, &limit)
	list = append(list, finding{"open files", err == nil && limit.Cur >= 1024, fmt.Sprintf("%d descriptors; a busy host wants LimitNOFILE=65536", limit.Cur)})
	at := dir
	if _, err := os.Stat(at); errors.Is(err, os.ErrNotExist) {
		at = filepath.Dir(dir)
	}
	if free, total, err := data.Disk(at); err != nil {
		list = append(list, finding{"disk", false, err.Error()})
	} else {
		list = append(list, finding{"disk", free > total/10, fmt.Sprintf("%d MB of %d MB free", free>>20, total>>20)})
	}
	year := time.Now().Year()
	list = append(list, finding{"clock", year >= 2026 && year < 2100, time.Now().UTC().Format(time.RFC3339)})
	if info, err := os.Stat(dir); err == nil {
		list = append(list, finding{"rights of the folder", info.Mode().Perm()&0o077 == 0, fmt.Sprintf("%s is %04o; it should be 0700", dir, info.Mode().Perm())})
	}
	return list
}

// examine looks into the files.
func (a *app) examine(ctx context.Context) []finding {
	list := []finding{verdict("host's file", a.host.Verify(ctx))}
	if _, err := a.tenants.Template.Path(ctx); err != nil {
		list = append(list, finding{"template", false, err.Error()})
	}
	known, sound := map[string]bool{}, 0
	for after := ""; ; {
		page, err := a.tenants.List(ctx, "", after, 500)
		if err != nil {
			return append(list, finding{"tenants", false, err.Error()})
		}
		if len(page) == 0 {
			break
		}
		for _, t := range page {
			after, known[t.Name] = t.Name, true
			if t.State != tenant.Active {
				continue
			}
			if err := a.tenants.Verify(ctx, t.Name); err != nil {
				list = append(list, finding{"tenant " + t.Name, false, err.Error()})
			} else {
				sound++
			}
		}
	}
	list = append(list, finding{"tenants", true, fmt.Sprintf("%d files are sound", sound)})
	return append(list, strangers(a.dir, known)...)
}

func verdict(what string, err error) finding {
	if err != nil {
		return finding{what, false, err.Error()}
	}
	return finding{what, true, "sound"}
}

// strangers are folders of tenants that nobody knows.
func strangers(dir string, known map[string]bool) []finding {
	entries, err := os.ReadDir(filepath.Join(dir, "tenants"))
	if err != nil {
		return []finding{{"folder of tenants", false, err.Error()}}
	}
	var list []finding
	for _, e := range entries {
		if _, err := os.Stat(filepath.Join(dir, "tenants", e.Name(), data.FileName)); err == nil && !known[e.Name()] {
			list = append(list, finding{"folder " + e.Name(), false, "belongs to no tenant; adopt it or move it away"})
		}
	}
	return list
}
