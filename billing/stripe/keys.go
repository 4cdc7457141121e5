package stripe

import (
	"strings"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
)

func fields() []gateway.Field {
	return []gateway.Field{
		{Name: "secret_key", Label: "Secret key", Secret: true,
			Hint: "From Developers, API keys. It begins with sk_live_ or sk_test_, or rk_ if it is a restricted key."},
		{Name: "webhook_secret", Label: "Webhook signing secret", Secret: true, Spare: true,
			Hint: "It begins with whsec_. Without it no message from Stripe is believed."},
		{Name: "old_webhook_secret", Label: "Old webhook signing secret", Secret: true, Spare: true,
			Hint: "Only while the secret is being changed: messages under the old one are still taken."},
	}
}

// credentials are the keys after they were read.
type credentials struct {
	secret string
	live   bool
	hooks  []string
}

func read(keys gateway.Keys) (credentials, error) {
	k := credentials{secret: strings.TrimSpace(keys["secret_key"])}
	if err := secret(k.secret); err != nil {
		return k, err
	}
	k.live = strings.HasPrefix(k.secret[2:], "_live_")
	for _, name := range []string{"webhook_secret", "old_webhook_secret"} {
		s := strings.TrimSpace(keys[name])
		if s == "" {
			continue
		}
		if !strings.HasPrefix(s, "whsec_") || !plain(s) || len(s) < 12 {
			return k, fault.New(fault.Invalid, "A webhook signing secret begins with whsec_.")
		}
		k.hooks = append(k.hooks, s)
	}
	return k, nil
}

// secret tells what is wrong with a secret key, by its looks.
func secret(s string) error {
	switch {
	case s == "":
		return fault.New(fault.Invalid, "Please enter the secret key.")
	case strings.HasPrefix(s, "pk_"):
		return fault.New(fault.Invalid, "This is the publishable key. Please enter the secret key, which begins with sk_.")
	case strings.HasPrefix(s, "whsec_"):
		return fault.New(fault.Invalid, "This is the webhook signing secret. Please enter the secret key, which begins with sk_.")
	case !strings.HasPrefix(s, "sk_live_") && !strings.HasPrefix(s, "sk_test_") &&
		!strings.HasPrefix(s, "rk_live_") && !strings.HasPrefix(s, "rk_test_"):
		return fault.New(fault.Invalid, "A secret key begins with sk_live_ or sk_test_.")
	case !plain(s) || len(s) < 12:
		return fault.New(fault.Invalid, "The secret key is not complete. Please copy it once more.")
	}
	return nil
}

// plain tells whether a key has only the letters that keys are made of: no space, star or line break was copied with it.
func plain(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("_+/=-", r)
	}) < 0
}
