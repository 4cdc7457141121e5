package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"rowhouse/data"
	"rowhouse/data/fault"
	"rowhouse/tenant"
)

// exampleLeads are those that every third of the tenants begins with.
const exampleLeads = 40

// childFounds is a server to which registrations come, one after the other, each name from two visitors at once.
func childFounds(dir, names string) {
	ctx := context.Background()
	a, err := build(ctx, config{dir: dir, domain: "example.com", https: true})
	if err != nil {
		panic(err)
	}
	a.begin(ctx)
	fmt.Println("ready")
	for i := 0; ; i++ {
		done := make(chan error)
		for range 2 {
			go func() { done <- a.register2(ctx, fmt.Sprintf("%s-%d", names, i), i) }()
		}
		if err1, err2 := <-done, <-done; (err1 == nil) == (err2 == nil) {
			panic(fmt.Sprint("both have the name, or neither: ", err1, err2))
		}
		for waiting := 1; waiting > 0; time.Sleep(time.Millisecond) {
			if err := a.host.QueryRow(ctx, `select count(*) from tenant where state <> 'active'`).Scan(&waiting); err != nil {
				panic(err)
			}
		}
	}
}

// register2 takes a registration as billing does: the name is held, the order is approved, the worker is woken.
func (a *app) register2(ctx context.Context, name string, i int) error {
	o := tenant.Order{Name: name, Company: "Company " + name, OwnerName: "Ada Owner", OwnerEmail: "ada@" + name + ".example", Until: a.clock.Now().Add(time.Hour)}
	if i%3 == 0 {
		o.Demo = exampleLeads
	}
	if i%2 == 0 {
		o.PasswordHash = "$argon2id$v=19$m=1,t=1,p=1$AAAA$AAAA"
	}
	err := a.host.Tx(ctx, func(tx *sql.Tx) error {
		id, err := a.tenants.Reserve(ctx, tx, o)
		if err != nil {
			return err
		}
		return a.tenants.Approve(ctx, tx, id)
	})
	a.poke()
	if err != nil && !fault.Is(err, fault.Conflict) {
		panic(err)
	}
	return err
}

func TestAKillInTheMiddleOfProvisioningLeavesNoTenantHalfMade(t *testing.T) {
	dir := t.TempDir()
	must(t, open(t, dir).close()) // with a template
	at, made := map[string]int{}, int64(0)
	n := rounds(6, 200)
	for i := range n {
		cmd := twin("founder", dir, fmt.Sprint("house", i))
		cmd.Stderr = os.Stderr
		started(t, cmd)
		time.Sleep(time.Duration(rand.IntN(150)) * time.Millisecond)
		end(cmd)
		at[landed(t, dir)]++
		made = converge(t, dir, made)
		if t.Failed() {
			t.Fatalf("in round %d", i+1)
		}
	}
	if made < int64(n) {
		t.Errorf("only %d tenants in %d rounds: the test tries nothing", made, n)
	}
	t.Logf("%d rounds, %d tenants, every one active with one letter; the kills landed: %v", n, made, at)
}

// landed says in which step a kill has come, and what it has left on the disk.
func landed(t *testing.T, dir string) string {
	host, err := data.Open(t.Context(), filepath.Join(dir, "host", "data.db"))
	must(t, err)
	defer func() { must(t, host.Close()) }()
	var id int64
	var name string
	var done int
	err = host.QueryRow(t.Context(), `select id, name, (select count(*) from step where tenant = tenant.id and state = 'done') from tenant where state <> 'active'`).Scan(&id, &name, &done)
	if errors.Is(err, sql.ErrNoRows) {
		return "between two"
	}
	must(t, err)
	where := "nothing yet"
	if there, err := os.ReadDir(filepath.Join(dir, "tenants", fmt.Sprint(".new-", id))); err == nil {
		where = fmt.Sprint(len(there), " entries in .new")
	} else if _, err := os.Stat(filepath.Join(dir, "tenants", name)); err == nil {
		where = "in its place"
	}
	return fmt.Sprintf("%d %s, %s", done+1, strings.Fields("folder file identity seed place smoke activate end")[done], where)
}

// converge starts the product on what a kill has left and waits until its worker is done. It returns the last tenant's id.
func converge(t *testing.T, dir string, before int64) int64 {
	a := open(t, dir)
	a.begin(t.Context())
	waiting := 1
	for deadline := time.Now().Add(5 * time.Second); waiting > 0 && time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		must(t, a.host.QueryRow(t.Context(), `select count(*) from tenant where state <> 'active'`).Scan(&waiting))
	}
	list, err := a.tenants.List(t.Context(), "", "", 1<<20)
	must(t, err)
	last := before
	for _, x := range list {
		if x.ID > before {
			a.sound(t, x)
			last = max(last, x.ID)
		}
	}
	must(t, errors.Join(a.host.Verify(t.Context()), a.close()))
	sameFolders(t, dir, list)
	return last
}

// sound checks that a tenant is at work with all that it was ordered with, each thing once.
func (a *app) sound(t *testing.T, x tenant.Tenant) {
	if x.State != tenant.Active {
		steps, err := a.tenants.Steps(t.Context(), x.ID)
		t.Errorf("%s is %s: %v %v", x.Name, x.State, steps, err)
		return
	}
	if err := errors.Join(a.tenants.Verify(t.Context(), x.Name), a.smoke(t.Context(), x.Name)); err != nil {
		t.Error(x.Name, err)
		return
	}
	var letters int
	must(t, a.host.QueryRow(t.Context(), `select count(*) from outbox where recipient = ?`, x.OwnerEmail).Scan(&letters))
	if letters != 1 {
		t.Errorf("%s has %d letters", x.Name, letters)
	}
	if strings.Contains(a.letter(t, x.OwnerEmail), "/admin/password/") && ask[int](t, a, x.Name, `select count(*) from ticket`) == 0 {
		t.Errorf("the link in the letter to %s opens nothing", x.Name)
	}
	want := "1 owner, 0 leads, 0 entries"
	if x.Demo > 0 {
		others := x.Demo/10 + 4
		want = fmt.Sprintf("1 owner, %d leads, %d entries", x.Demo, x.Demo+others*3)
	}
	got := ask[string](t, a, x.Name, `select format('%d owner, %d leads, %d entries', (select count(*) from staff where owner = 1), (select count(*) from lead), (select count(*) from activity))`)
	if got != want {
		t.Errorf("%s has %s, not %s", x.Name, got, want)
	}
}

// sameFolders checks that the folders are those of the tenants, and that nothing else is in them.
func sameFolders(t *testing.T, dir string, list []tenant.Tenant) {
	there := map[string]bool{}
	for _, name := range names(t, filepath.Join(dir, "tenants")) {
		there[name] = true
	}
	for _, x := range list {
		if !there[x.Name] {
			t.Errorf("%s has no folder", x.Name)
			continue
		}
		delete(there, x.Name)
		if in := names(t, filepath.Join(dir, "tenants", x.Name)); fmt.Sprint(in) != "[crm.db files]" {
			t.Errorf("in the folder of %s are %v", x.Name, in)
		}
	}
	if left := append(slices.Collect(maps.Keys(there)), names(t, filepath.Join(dir, "trash"))...); len(left) > 0 {
		t.Error("folders of nobody:", left)
	}
}

// names are those in a folder.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	must(t, err)
	var list []string
	for _, e := range entries {
		list = append(list, e.Name())
	}
	return list
}
