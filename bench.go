package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"text/tabwriter"
)

// figure is one thing that was measured, beside what it is held against.
type figure struct {
	What   string  `json:"what"`
	Value  float64 `json:"value"`
	Unit   string  `json:"unit"`
	Floor  float64 `json:"floor,omitempty"` // the plain database and an empty handler, in the same run
	Target string  `json:"target"`
	Met    bool    `json:"met"`
}

func runBench(ctx context.Context, args []string, out io.Writer) error {
	f := flagSet("bench", "Measures this machine beside the floor: the same SQL by a prepared statement of the plain database, behind an empty HTTP handler.\nIt works in a temporary folder and talks to itself only.", out)
	asJSON := f.Bool("json", false, "answer as JSON")
	rounds := f.Int("rounds", 300, "requests for each figure")
	tenants := f.Int("tenants", 1000, "tenants to open at once")
	part := f.String("part", "", "used by the program itself")
	dir := f.String("dir", "", "folder to work in (default a temporary one)")
	if err := parse(f, args); err != nil {
		return err
	}
	slog.SetLogLoggerLevel(slog.LevelError)
	if *part != "" {
		return benchPart(ctx, *part, *dir, out)
	}
	if *dir == "" {
		made, err := os.MkdirTemp(*dir, "rowhouse-bench-")
		if err != nil {
			return err
		}
		defer os.RemoveAll(made)
		*dir = made
	}
	figures, err := measure(ctx, *dir, *rounds, *tenants)
	if err != nil {
		return err
	}
	if *asJSON {
		return writeJSON(out, figures)
	}
	w := tabwriter.NewWriter(out, 0, 4, 2, ' ', 0)
	fmt.Fprintln(w, "WHAT\tMEASURED\tFLOOR\tTARGET\t")
	for _, x := range figures {
		floor, met := "", "met"
		if x.Floor > 0 {
			floor = fmt.Sprintf("%.2f %s (× %.1f)", x.Floor, x.Unit, x.Value/x.Floor)
		}
		if !x.Met {
			met = "MISSED"
		}
		fmt.Fprintf(w, "%s\t%.2f %s\t%s\t%s\t%s\n", x.What, x.Value, x.Unit, floor, x.Target, met)
	}
	return w.Flush()
}

// measure takes all figures.
func measure(ctx context.Context, dir string, rounds, tenants int) ([]figure, error) {
	b, err := newBench(ctx, filepath.Join(dir, "work"))
	if err != nil {
		return nil, err
	}
	figures, err := b.requests(ctx, rounds)
	if err == nil {
		var more []figure
		more, err = b.lives(ctx, max(20, rounds/6))
		figures = append(figures, more...)
	}
	if err = errors.Join(err, b.close()); err != nil {
		return nil, err
	}
	crowd, err := crowd(ctx, dir, tenants)
	return append(figures, crowd...), err
}
