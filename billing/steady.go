package billing

import (
	"context"
	"database/sql"
	"errors"
	"log/slog"
	"strconv"
	"time"
)

// leap is the largest step of the clock that is believed at once: a day, and the minutes that something took. A machine that was off for longer, or whose clock was set,
// must show the same time for a while before anybody loses anything by it.
const leap = 25 * time.Hour

// settled is how long a clock that has leapt must go on evenly until it is believed.
const settled = 10 * time.Minute

const clockName = "clock"

// watch is what was seen of the clock.
type watch struct {
	wall time.Time // what it showed
	mono time.Time // the machine's own count at that moment, which nobody sets
}

// steady tells whether the clock can be believed: it goes on from where it was when we looked last, or has gone on evenly since
// it leapt. A clock that was set back is waited for: what is done stays done, and what is to come comes later.
func (b *Billing) steady(ctx context.Context) (bool, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := b.Clock.Now()
	var seen string
	err := b.DB.QueryRow(ctx, `select value from setting where name = ?`, clockName).Scan(&seen)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return false, err
	}
	last, _ := strconv.ParseInt(seen, 10, 64) // none reads as 0: the first time
	gone := now.Sub(moment(last))
	if last == 0 || gone >= 0 && gone <= leap {
		b.leapt = watch{}
		return true, b.noteClock(ctx, now, gone, last == 0)
	}
	if gone < 0 && gone > -time.Hour {
		return false, nil // a small correction: wait until it is caught up
	}
	if b.leapt.mono.IsZero() || drift(b.leapt, now) > time.Minute {
		slog.Warn("the clock has leapt; billing waits until it has gone on evenly for a while", "from", moment(last), "to", now)
		b.leapt = watch{now, time.Now()}
		return false, nil
	}
	if time.Since(b.leapt.mono) < b.patience() {
		return false, nil
	}
	b.leapt = watch{}
	return true, b.noteClock(ctx, now, gone, true)
}

// drift is by how much the clock has gone otherwise than the machine's own count since it leapt.
func drift(w watch, now time.Time) time.Duration {
	return (now.Sub(w.wall) - time.Since(w.mono)).Abs()
}

func (b *Billing) patience() time.Duration {
	if b.Patience > 0 {
		return b.Patience
	}
	return settled
}

// noteClock keeps what the clock shows, at most once in some minutes: a note is a write.
func (b *Billing) noteClock(ctx context.Context, now time.Time, gone time.Duration, force bool) error {
	if !force && gone < 5*time.Minute {
		return nil
	}
	_, err := b.DB.Exec(ctx, `insert into setting (name, value) values (?, ?) on conflict (name) do update set value = excluded.value`, clockName, strconv.FormatInt(now.UnixMilli(), 10))
	return err
}
