package main

import (
	"context"

	"rowhouse/admin"
	"rowhouse/billing/paper"
	"rowhouse/ui/mail"
)

// mailbox refuses a mail server that was written wrongly, before anything is served.
func (a *app) mailbox(ctx context.Context) error {
	_, err := a.options.Mailbox(ctx)
	return err
}

// send sends the letters that are due. They wait until the mail server has proven itself.
func (a *app) send(ctx context.Context) (done, failed int, err error) {
	box, err := a.options.Mailbox(ctx)
	if err != nil || box.Server == nil || !box.Proven {
		return 0, 0, err
	}
	return a.sender(box).Run(ctx, a.clock.Now())
}

func (a *app) sender(box admin.Mailbox) *mail.Sender {
	return &mail.Sender{DB: a.host, Server: box.Server, From: box.From, Draw: func(ctx context.Context, name string) (string, []byte, error) {
		return paper.Draw(ctx, a.billing, name)
	}}
}
