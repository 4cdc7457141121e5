package billing

import (
	"strconv"

	"rowhouse/data/fault"
	"rowhouse/data/money"
)

// Line is one thing on an invoice. Amount and Discount are as the price says them: with the tax in them if Inclusive.
type Line struct {
	Kind      string // plan, seats, setup, credit, balance, manual
	Text      string
	Quantity  int64
	Unit      int64 // minor units
	Amount    int64
	Discount  int64
	Rate      int64 // of tax, in basis points
	TaxName   string
	Reason    Reason
	Inclusive bool
	Net, Tax  int64 // worked out by Sum
	From, To  Day   // the first day and the one after the last; 0 for what has no period
}

// Title is the text with how many there are of it.
func (l Line) Title() string {
	if l.Quantity > 1 {
		return strconv.FormatInt(l.Quantity, 10) + " × " + l.Text
	}
	return l.Text
}

// Reason says why a line is taxed as it is.
type Reason string

// The reasons.
const (
	Standard      Reason = "standard"
	ReverseCharge Reason = "reverse_charge"
	Exempt        Reason = "exempt"
	OutOfScope    Reason = "out_of_scope"
)

// Quote is what something costs, before it is an invoice.
type Quote struct {
	Currency                  string
	Lines                     []Line
	Net, Tax, Discount, Total int64 // Total = Net + Tax, never below 0; Discount is in Net already
	ToBalance                 int64 // what is left for the customer's credit balance
}

// Amount is what is to be paid.
func (q Quote) Amount() money.Amount { return money.Amount{Minor: q.Total, Currency: q.Currency} }

// Taxes are the sums by rate, for the foot of an invoice.
func (q Quote) Taxes() []Line {
	var sums []Line
	for _, l := range q.Lines {
		if l.Kind == "balance" {
			continue
		}
		sums = addTax(sums, l)
	}
	return sums
}

func addTax(sums []Line, l Line) []Line {
	for i := range sums {
		if sums[i].Rate == l.Rate && sums[i].Reason == l.Reason {
			sums[i].Net += l.Net
			sums[i].Tax += l.Tax
			return sums
		}
	}
	return append(sums, Line{Rate: l.Rate, TaxName: l.TaxName, Reason: l.Reason, Net: l.Net, Tax: l.Tax})
}

// discountable are the lines that a coupon makes cheaper.
func discountable(l Line) bool { return (l.Kind == "plan" || l.Kind == "seats") && l.Amount > 0 }

// discount spreads a coupon over the lines, so that the parts sum up to it exactly. It returns what it was worth.
func discount(lines []Line, c *Coupon) int64 {
	if c == nil {
		return 0
	}
	weights, sum := make([]int64, len(lines)), int64(0)
	for i, l := range lines {
		if discountable(l) {
			weights[i] = l.Amount
			sum += l.Amount
		}
	}
	if sum == 0 {
		return 0
	}
	worth := min(c.Amount, sum)
	if c.Percent > 0 {
		worth = money.Share(sum, c.Percent, whole)
	}
	for i, part := range money.Spread(worth, weights) {
		lines[i].Discount = part
	}
	return worth
}

// whole is 100 % in basis points.
const whole = 10000

// most is the largest total that is invoiced, in minor units: what is above it is a slip of somebody's finger.
const most = 1_000_000_000_00

// Sum works out tax and totals. Tax is rounded once for each rate, on the sum of what has that rate, and spread over its lines.
// What is below 0 goes to the balance, so that a total never is. The error is a fault.Invalid for amounts beyond all measure.
func Sum(currency string, lines []Line, c *Coupon) (Quote, error) {
	q := Quote{Currency: currency, Lines: lines}
	q.Discount = discount(lines, c)
	for i := range lines {
		if amount := lines[i].Amount; amount > most || amount < -most {
			return q, fault.New(fault.Invalid, "This amount is too large.")
		}
		if !taxedBefore(lines, i) {
			taxTogether(lines, i)
		}
	}
	for _, l := range lines {
		q.Net += l.Net
		q.Tax += l.Tax
	}
	if q.Total = q.Net + q.Tax; q.Total < 0 {
		q.ToBalance = -q.Total
		q.Lines = append(lines, Line{Kind: "balance", Quantity: 1, Unit: q.ToBalance, Amount: q.ToBalance, Net: q.ToBalance, Reason: OutOfScope})
		q.Net, q.Total = q.Net+q.ToBalance, 0
	}
	return q, nil
}

// sameTax tells whether two lines are taxed in one sum.
func sameTax(a, b Line) bool {
	return a.Rate == b.Rate && a.Inclusive == b.Inclusive && a.Reason == b.Reason
}

func taxedBefore(lines []Line, i int) bool {
	for _, l := range lines[:i] {
		if sameTax(l, lines[i]) {
			return true
		}
	}
	return false
}

// taxTogether works out the tax of all lines that are taxed like lines[first]: once, on their sum. Each line gets its own share,
// rounded, and the last of them what rounding left over.
func taxTogether(lines []Line, first int) {
	var sum, given int64
	last := first
	for i, l := range lines {
		if sameTax(l, lines[first]) {
			sum += l.Amount - l.Discount
			last = i
		}
	}
	total := taxOf(sum, lines[first])
	for i := first; i <= last; i++ {
		l := &lines[i]
		if !sameTax(*l, lines[first]) {
			continue
		}
		l.Tax = taxOf(l.Amount-l.Discount, *l)
		if given += l.Tax; i == last {
			l.Tax += total - given
		}
		l.Net = l.Amount - l.Discount
		if l.Inclusive {
			l.Net -= l.Tax
		}
	}
}

// taxOf is the tax on an amount, or in it.
func taxOf(amount int64, l Line) int64 {
	if l.Inclusive {
		return amount - money.Share(amount, whole, whole+l.Rate)
	}
	return money.Share(amount, l.Rate, whole)
}
