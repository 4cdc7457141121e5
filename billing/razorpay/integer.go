package razorpay

import "strconv"

// small is a small whole number that may be written as a number or as a text; 0 if it is neither.
func small(v any) int {
	switch n := v.(type) {
	case float64:
		if n >= 0 && n < 10000 {
			return int(n)
		}
	case string:
		if i, err := strconv.Atoi(n); err == nil && i >= 0 && i < 10000 {
			return i
		}
	}
	return 0
}
