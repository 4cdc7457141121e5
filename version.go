package main

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"rowhouse/crm"
)

func runVersion(_ context.Context, args []string, out io.Writer) error {
	f := flagSet("version", "Says which version this is.", out)
	if err := parse(f, args); err != nil {
		return err
	}
	version := "development"
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" && info.Main.Version != "(devel)" {
		version = info.Main.Version
	}
	fmt.Fprintf(out, "rowhouse %s (%s, %s/%s), schema %s\n", version, runtime.Version(), runtime.GOOS, runtime.GOARCH, crm.Schema().Hash())
	return nil
}
