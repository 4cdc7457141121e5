package billing

import (
	"context"
	"time"
)

// Month is how business went in a month.
type Month struct {
	Begin   time.Time // in the host's zone
	Monthly int64     // what came in a month (the MRR) at its end, in minor units
	New     int64     // subscriptions that began to pay
	Lost    int64     // subscriptions that paid and ended
	Running int64     // that paid at its end
}

// Churn is the share of the paying subscriptions of a month's beginning that were lost in it, in tenths of a percent.
func (m Month) Churn() int64 {
	began := m.Running - m.New + m.Lost
	if began <= 0 {
		return 0
	}
	return (m.Lost*1000 + began/2) / began
}

// Months returns the last months in one currency, the oldest first and this one last.
func (b *Billing) Months(ctx context.Context, currency string, n int) ([]Month, error) {
	seller, err := b.Seller(ctx)
	if err != nil {
		return nil, err
	}
	zone := seller.Location()
	year, month, _ := b.Clock.Now().In(zone).Date()
	first := time.Date(year, month-time.Month(n-1), 1, 0, 0, 0, 0, zone)
	months := make([]Month, n)
	for i := range months {
		months[i].Begin = time.Date(first.Year(), first.Month()+time.Month(i), 1, 0, 0, 0, 0, zone)
	}
	rows, err := b.DB.Query(ctx, `select subscription, at, mrr from subscription_event where mrr <> 0 and currency = ? order by at, id`, currency)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	now := ledgerOfMonths{months: months, paying: map[int64]int64{}}
	for rows.Next() {
		var id, at, change int64
		if err := rows.Scan(&id, &at, &change); err != nil {
			return nil, err
		}
		now.add(id, moment(at), change)
	}
	now.closeUntil(len(months))
	return months, rows.Err()
}

// ledgerOfMonths adds up events in their order.
type ledgerOfMonths struct {
	months []Month
	at     int             // the month that is being filled
	paying map[int64]int64 // what each subscription brings in a month
	sum    int64
}

func (l *ledgerOfMonths) add(id int64, at time.Time, change int64) {
	for l.at+1 < len(l.months) && !at.Before(l.months[l.at+1].Begin) {
		l.closeUntil(l.at + 1)
	}
	was := l.paying[id]
	is := was + change
	l.sum += change
	if is == 0 {
		delete(l.paying, id)
	} else {
		l.paying[id] = is
	}
	if at.Before(l.months[0].Begin) {
		return
	}
	switch {
	case was == 0 && is > 0:
		l.months[l.at].New++
	case was > 0 && is == 0:
		l.months[l.at].Lost++
	}
}

// closeUntil writes what stood at the end of the months before n.
func (l *ledgerOfMonths) closeUntil(n int) {
	for ; l.at < n; l.at++ {
		l.months[l.at].Monthly, l.months[l.at].Running = l.sum, int64(len(l.paying))
	}
}
