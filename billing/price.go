package billing

import "rowhouse/data/money"

// Price is what a plan costs for a month, for a year, or once.
type Price struct {
	ID        int64
	Plan      int64
	Interval  string // month, year or once
	Amount    money.Amount
	Seat      int64 // for each seat beyond those of the plan, in minor units; NoSeats: none can be had
	Setup     int64 // once, with the first invoice
	Inclusive bool  // the tax is in the amounts
	Active    bool
}

// NoSeats is the price of a seat where none can be had beyond those of the plan.
const NoSeats = -1

// Free tells whether nothing is ever to be paid, also not for seats.
func (p Price) Free() bool { return p.Amount.Minor == 0 && p.Setup == 0 && p.Seat <= 0 }
