package main

import (
	"path/filepath"
	"testing"
)

// benched is one bench for all benchmarks of a run: its company of 10,000 leads takes seconds to make.
func benched(b *testing.B) *bench {
	b.Helper()
	x, err := newBench(b.Context(), filepath.Join(b.TempDir(), "work"))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		if err := x.close(); err != nil {
			b.Error(err)
		}
	})
	return x
}

func repeat(b *testing.B, work func() error) {
	b.Helper()
	for b.Loop() {
		if err := work(); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkPages measures pages beside the floor, in the same run.
func BenchmarkPages(b *testing.B) {
	x := benched(b)
	b.Run("list/floor", func(b *testing.B) { repeat(b, x.floorOf("GET", "/list")) })
	b.Run("list", func(b *testing.B) { repeat(b, x.page("/admin/leads")) })
	b.Run("board", func(b *testing.B) { repeat(b, x.page("/admin/leads/board")) })
	b.Run("lead", func(b *testing.B) { repeat(b, x.page("/admin/leads/5000")) })
	b.Run("search", func(b *testing.B) { repeat(b, x.page("/admin/search?q=anna+m")) })
	b.Run("create/floor", func(b *testing.B) { repeat(b, x.floorOf("POST", "/create")) })
	b.Run("create", func(b *testing.B) { repeat(b, x.create) })
}

// BenchmarkLives measures the making and the opening of companies.
func BenchmarkLives(b *testing.B) {
	x := benched(b)
	figures, err := x.lives(b.Context(), 20)
	if err != nil {
		b.Fatal(err)
	}
	for i := 0; b.Loop(); i++ {
		if i == 0 {
			b.ReportMetric(figures[0].Value, "provision-ms")
			b.ReportMetric(figures[1].Value, "cold-ms")
		}
	}
}
