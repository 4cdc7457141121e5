package money

import (
	"math/bits"
	"sort"
)

// Share is amount × part ÷ whole, rounded half away from zero. The product may be larger than an int64; whole must be above 0,
// and part must not be negative or above 1<<62.
func Share(amount, part, whole int64) int64 {
	negative := amount < 0
	hi, lo := bits.Mul64(magnitude(amount), uint64(part))
	lo, carry := bits.Add64(lo, uint64(whole)/2, 0)
	// An odd whole has no exact half, so adding its lower half and cutting off is right; for an even one a half goes up.
	quotient, _ := bits.Div64(hi+carry, lo, uint64(whole))
	if negative {
		return -int64(quotient)
	}
	return int64(quotient)
}

func magnitude(n int64) uint64 {
	if n < 0 {
		return uint64(-n)
	}
	return uint64(n)
}

// Spread parts an amount by weights so that the parts sum up to it exactly: what rounding leaves over goes to the parts that
// lost most by it. Weights must not be negative, and one must be above 0; the amount must not be negative.
func Spread(amount int64, weights []int64) []int64 {
	var sum int64
	for _, w := range weights {
		sum += w
	}
	parts, rests, left := make([]int64, len(weights)), make([]uint64, len(weights)), amount
	order := make([]int, len(weights))
	for i, w := range weights {
		hi, lo := bits.Mul64(uint64(amount), uint64(w))
		quotient, rest := bits.Div64(hi, lo, uint64(sum))
		parts[i], rests[i], order[i] = int64(quotient), rest, i
		left -= parts[i]
	}
	sort.SliceStable(order, func(i, j int) bool { return rests[order[i]] > rests[order[j]] })
	for i := range left {
		parts[order[i]]++
	}
	return parts
}
