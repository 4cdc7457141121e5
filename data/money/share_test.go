package money_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"rowhouse/data/money"
)

func TestSharesAreRoundedHalfAwayFromZero(t *testing.T) {
	for _, c := range []struct{ amount, part, whole, want int64 }{
		{2000, 21, 31, 1355}, {4000, 21, 31, 2710}, {1800, 10, 30, 600}, {29000, 100, 365, 7945}, {49000, 100, 365, 13425},
		{2900, 3333, 10000, 967}, {2900, 1900, 10000, 551}, {2900, 10000, 11900, 2437}, {1, 1, 2, 1}, {-1, 1, 2, -1}, {3, 1, 2, 2}, {-3, 1, 2, -2},
		{1, 1, 3, 0}, {2, 1, 3, 1}, {5, 0, 7, 0}, {0, 5, 7, 0}, {1_000_000_000_000_00, 10000, 10000, 1_000_000_000_000_00}, {29000, 1, 12, 2417},
	} {
		if got := money.Share(c.amount, c.part, c.whole); got != c.want {
			t.Errorf("%d × %d ÷ %d = %d, want %d", c.amount, c.part, c.whole, got, c.want)
		}
	}
}

func TestPartsSumUpToTheWhole(t *testing.T) {
	if got := money.Spread(967, []int64{2900, 900, 900}); !slices.Equal(got, []int64{597, 185, 185}) {
		t.Errorf("%v", got)
	}
	if got := money.Spread(100, []int64{1, 1, 1}); !slices.Equal(got, []int64{34, 33, 33}) {
		t.Errorf("%v", got)
	}
	for range 2000 {
		weights := make([]int64, 1+rand.IntN(8))
		for i := range weights {
			weights[i] = rand.Int64N(1_000_000_000)
		}
		weights[0]++
		amount, sum := rand.Int64N(1_000_000_000_000), int64(0)
		for _, part := range money.Spread(amount, weights) {
			if part < 0 {
				t.Fatalf("a part of %d by %v is negative", amount, weights)
			}
			sum += part
		}
		if sum != amount {
			t.Fatalf("%d by %v sums up to %d", amount, weights, sum)
		}
	}
}
