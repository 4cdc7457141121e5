package razorpay

import (
	"strings"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
)

func fields() []gateway.Field {
	return []gateway.Field{
		{Name: "key_id", Label: "Key ID", Hint: "From Account & Settings, API Keys. It begins with rzp_live_ or rzp_test_."},
		{Name: "key_secret", Label: "Key secret", Secret: true, Hint: "Razorpay shows it once, when the key is made."},
		{Name: "webhook_secret", Label: "Webhook secret", Secret: true, Hint: "You choose it when you make the webhook. It is not the key secret."},
		{Name: "old_webhook_secret", Label: "Old webhook secret", Secret: true, Spare: true,
			Hint: "Only while the secret is being changed: messages that are sent again still come under the old one."},
	}
}

// credentials are the keys after they were read.
type credentials struct {
	id, secret string
	hooks      []string
}

func read(keys gateway.Keys) (credentials, error) {
	k := credentials{id: strings.TrimSpace(keys["key_id"]), secret: strings.TrimSpace(keys["key_secret"])}
	switch {
	case !strings.HasPrefix(k.id, "rzp_live_") && !strings.HasPrefix(k.id, "rzp_test_"):
		return k, fault.New(fault.Invalid, "A key ID begins with rzp_live_ or rzp_test_.")
	case !plain(k.id) || len(k.id) < 14:
		return k, fault.New(fault.Invalid, "The key ID is not complete. Please copy it once more.")
	case strings.HasPrefix(k.secret, "rzp_"):
		return k, fault.New(fault.Invalid, "This is a key ID. Please enter the key secret.")
	case !plain(k.secret) || len(k.secret) < 10:
		return k, fault.New(fault.Invalid, "The key secret is not complete. Please copy it once more.")
	}
	return k, hooks(&k, keys)
}

func hooks(k *credentials, keys gateway.Keys) error {
	for _, name := range []string{"webhook_secret", "old_webhook_secret"} {
		s := strings.TrimSpace(keys[name])
		switch {
		case s == "" && name == "old_webhook_secret":
			continue
		case len(s) < 6:
			return fault.New(fault.Invalid, "Please enter the webhook secret. It has at least six letters.")
		case s == k.secret:
			return fault.New(fault.Invalid, "The webhook secret is the key secret. Please choose another in the webhook's settings.")
		}
		k.hooks = append(k.hooks, s)
	}
	return nil
}

// plain tells whether a key has only the letters that keys are made of: no space, star or line break was copied with it.
func plain(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '_'
	}) < 0
}
