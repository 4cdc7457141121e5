// rowhouse sells a CRM as a service from one machine. See README.md.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/pflag"

	"rowhouse/admin"
	"rowhouse/data/fault"
)

// command is one of the words that rowhouse understands.
type command struct {
	name, about string
	run         func(ctx context.Context, args []string, out io.Writer) error
}

var commands = []command{
	{"serve", "serve the public site and all tenants", runServe},
	{"demo", "show everything on this machine, with example companies", runDemo},
	{"tenant", "create, list, show, suspend, resume, copy, rename, export, import, adopt, verify tenants", runTenant},
	{"setup", "do the first set-up without a browser, from flags or the environment", runSetup},
	{"operator", "create, reset and list accounts for the host's panel", runOperator},
	{"doctor", "check the machine, the folder and every tenant's file", runDoctor},
	{"bench", "measure this machine beside the plain database", runBench},
	{"version", "say which version this is", runVersion},
}

func main() {
	os.Exit(run(context.Background(), os.Args[1:], os.Stdout, os.Stderr))
}

// run runs a command and returns the exit code: 0, 1 for what went wrong, 2 for words it does not know.
func run(ctx context.Context, args []string, out, errOut io.Writer) int {
	if len(args) == 0 || args[0] == "help" || args[0] == "--help" || args[0] == "-h" {
		usage(out)
		return 0
	}
	for _, c := range commands {
		if c.name == args[0] {
			return finish(c.run(ctx, args[1:], out), errOut)
		}
	}
	fmt.Fprintf(errOut, "rowhouse: there is no command %q\n\n", args[0])
	usage(errOut)
	return 2
}

func finish(err error, errOut io.Writer) int {
	var words *wordsError
	switch {
	case err == nil, errors.Is(err, pflag.ErrHelp):
		return 0
	case errors.As(err, &words):
		fmt.Fprintln(errOut, "rowhouse:", err)
		return 2
	}
	if f := fault.Of(err); f.Kind != fault.Ours {
		fmt.Fprintln(errOut, "rowhouse:", fmt.Sprintf(f.Format, f.Args...))
	} else {
		fmt.Fprintln(errOut, "rowhouse:", err)
	}
	return 1
}

// wordsError is a command that was written wrongly.
type wordsError struct{ text string }

func (e *wordsError) Error() string { return e.text }

func usage(w io.Writer) {
	fmt.Fprintln(w, "Rowhouse sells a CRM as a service from one machine.\n\nUsage: rowhouse COMMAND [flags]\n\nCommands:")
	for _, c := range commands {
		fmt.Fprintf(w, "  %-10s %s\n", c.name, c.about)
	}
	fmt.Fprintln(w, "\nrowhouse COMMAND --help says more. Every flag can also be set as ROWHOUSE_FLAG in the environment.")
}

// flagSet begins a command's flags.
func flagSet(name, about string, out io.Writer) *pflag.FlagSet {
	f := pflag.NewFlagSet(name, pflag.ContinueOnError)
	f.SetOutput(out)
	f.SortFlags = false
	f.Usage = func() {
		fmt.Fprintf(out, "%s\n\nUsage: rowhouse %s [flags]\n\n%s", about, name, f.FlagUsages())
	}
	return f
}

// parse reads a command's flags: the command line first, then the environment.
func parse(f *pflag.FlagSet, args []string) error {
	if err := f.Parse(args); err != nil {
		if errors.Is(err, pflag.ErrHelp) {
			return err
		}
		return &wordsError{err.Error()}
	}
	var failed error
	f.VisitAll(func(flag *pflag.Flag) {
		if value, ok := os.LookupEnv("ROWHOUSE_" + envName(flag.Name)); ok && !flag.Changed {
			if err := f.Set(flag.Name, value); err != nil {
				failed = &wordsError{fmt.Sprintf("ROWHOUSE_%s: %v", envName(flag.Name), err)}
			}
			flag.Annotations = map[string][]string{"source": {"environment"}}
		}
	})
	return failed
}

// given are the flags that were set, each with where.
func given(f *pflag.FlagSet) map[string]admin.Given {
	set := map[string]admin.Given{}
	f.Visit(func(flag *pflag.Flag) {
		source := "command line"
		if len(flag.Annotations["source"]) > 0 {
			source = "environment"
		}
		set[flag.Name] = admin.Given{Value: flag.Value.String(), Source: source}
	})
	return set
}

func envName(flag string) string {
	b := []byte(flag)
	for i, c := range b {
		switch {
		case c == '-':
			b[i] = '_'
		case c >= 'a' && c <= 'z':
			b[i] = c - 32
		}
	}
	return string(b)
}

// defaultDir is where everything is kept if no flag says so.
func defaultDir() string {
	if dir := os.Getenv("STATE_DIRECTORY"); dir != "" {
		return dir
	}
	return "var"
}
