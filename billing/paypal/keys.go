package paypal

import (
	"strings"

	"rowhouse/billing/gateway"
	"rowhouse/data/fault"
)

func fields() []gateway.Field {
	return []gateway.Field{
		{Name: "client_id", Label: "Client ID", Hint: "From Apps & Credentials, of a REST app."},
		{Name: "client_secret", Label: "Client secret", Secret: true, Hint: "The secret of the same app."},
		{Name: "webhook_id", Label: "Webhook ID", Hint: "PayPal shows it beside the webhook's address once the webhook is made."},
		{Name: "mode", Label: "Mode", Hint: "live or sandbox, as the app's keys are."},
		{Name: "vault", Label: "Save wallets", Spare: true,
			Hint: "yes if PayPal has enabled vaulting for your account. Without it a link to pay is sent each time."},
	}
}

// credentials are the keys after they were read.
type credentials struct {
	id, secret, webhook string
	live, vault         bool
}

func read(keys gateway.Keys) (credentials, error) {
	k := credentials{id: strings.TrimSpace(keys["client_id"]), secret: strings.TrimSpace(keys["client_secret"]),
		webhook: strings.TrimSpace(keys["webhook_id"])}
	switch {
	case !plain(k.id) || len(k.id) < 20:
		return k, fault.New(fault.Invalid, "The client ID is not complete. Please copy it once more.")
	case !plain(k.secret) || len(k.secret) < 20:
		return k, fault.New(fault.Invalid, "The client secret is not complete. Please copy it once more.")
	case k.id == k.secret:
		return k, fault.New(fault.Invalid, "The client ID and the client secret are the same. Please copy the secret once more.")
	case strings.Contains(k.webhook, "://"):
		return k, fault.New(fault.Invalid, "This is the webhook's address. Please enter its ID, a word of letters and digits.")
	case !plain(k.webhook) || len(k.webhook) < 5:
		return k, fault.New(fault.Invalid, "Please enter the webhook's ID.")
	}
	switch strings.ToLower(strings.TrimSpace(keys["mode"])) {
	case "live":
		k.live = true
	case "sandbox":
	default:
		return k, fault.New(fault.Invalid, "The mode is live or sandbox.")
	}
	return k, vault(&k, keys["vault"])
}

func vault(k *credentials, said string) error {
	switch strings.ToLower(strings.TrimSpace(said)) {
	case "yes", "true", "1", "on":
		k.vault = true
	case "", "no", "false", "0", "off":
	default:
		return fault.New(fault.Invalid, "Save wallets is yes or no.")
	}
	return nil
}

// plain tells whether a key has only the letters that keys are made of: no space, star or line break was copied with it.
func plain(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-' && r != '_'
	}) < 0
}
