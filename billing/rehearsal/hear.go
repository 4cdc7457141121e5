package rehearsal

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"time"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
)

// Missed lists all messages since a moment, also those that were lost.
func (d *Desk) Missed(ctx context.Context, since time.Time) ([]gateway.Event, error) {
	rows, err := d.DB.Query(ctx, `select body from rehearsal_event where due_at >= ? order by id limit 1000`, since.UnixMilli())
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var missed []gateway.Event
	for rows.Next() {
		var body string
		var e gateway.Event
		if err := rows.Scan(&body); err != nil {
			return nil, err
		}
		if err := json.Unmarshal([]byte(body), &e); err != nil {
			return nil, err
		}
		missed = append(missed, e)
	}
	return missed, rows.Err()
}

// Hear checks the mark of a message.
func (d *Desk) Hear(_ context.Context, header http.Header, body []byte) (gateway.Event, error) {
	var e gateway.Event
	mark, err := hex.DecodeString(header.Get("Rehearsal-Signature"))
	if err != nil || !hmac.Equal(mark, d.mark(body)) {
		return e, fault.New(fault.Invalid, "The message is not signed by the rehearsal gateway.")
	}
	if err := json.Unmarshal(body, &e); err != nil {
		return e, fault.New(fault.Invalid, "The message cannot be read.")
	}
	return e, nil
}

func (d *Desk) mark(body []byte) []byte {
	mac := hmac.New(sha256.New, []byte(d.Secret))
	mac.Write(body)
	return mac.Sum(nil)
}
