package session

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"golang.org/x/crypto/argon2"

	"rowhouse/data/fault"
)

// The cost of one password check: 19 MiB, two passes, one lane (OWASP's first choice for argon2id).
const (
	memory = 19 * 1024
	passes = 2
	lanes  = 1
	keyLen = 32
)

// hashing lets as many checks run at once as there are cores: a flood of logins
// may make logins slow, and nothing else.
var hashing = make(chan struct{}, runtime.GOMAXPROCS(0))

// HashPassword returns what is kept of a password.
func HashPassword(ctx context.Context, password string) (string, error) {
	salt := make([]byte, 16)
	if _, err := rand.Read(salt); err != nil {
		return "", err
	}
	key, err := derive(ctx, password, salt)
	if err != nil {
		return "", err
	}
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version, memory, passes, lanes,
		base64.RawStdEncoding.EncodeToString(salt), base64.RawStdEncoding.EncodeToString(key)), nil
}

// CheckPassword tells whether password is the one that kept was made of. With an empty kept it takes as long
// and is false, so that nobody learns from the time whether an account exists.
func CheckPassword(ctx context.Context, kept, password string) (bool, error) {
	if kept == "" {
		_, err := derive(ctx, password, make([]byte, 16))
		return false, err
	}
	parts := strings.Split(kept, "$")
	if len(parts) != 6 {
		return false, errors.New("the kept password is malformed")
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	if err != nil {
		return false, err
	}
	want, err := base64.RawStdEncoding.DecodeString(parts[5])
	if err != nil {
		return false, err
	}
	got, err := derive(ctx, password, salt)
	return err == nil && subtle.ConstantTimeCompare(got, want) == 1, err
}

func derive(ctx context.Context, password string, salt []byte) ([]byte, error) {
	select {
	case hashing <- struct{}{}:
		defer func() { <-hashing }()
	case <-ctx.Done():
		return nil, fault.Because(ctx.Err(), fault.Busy, "Too many people are signing in at once. Please try again.")
	}
	return argon2.IDKey([]byte(password), salt, passes, memory, lanes, keyLen), nil
}

// The length of a password, in characters and in bytes.
const (
	MinPassword = 10
	MaxPassword = 128
)

// Strong refuses passwords that are quickly guessed. words are those that belong to the person or company.
func Strong(password string, words ...string) error {
	low := strings.ToLower(password)
	switch {
	case len([]rune(password)) < MinPassword:
		return fault.New(fault.Invalid, "Please use at least %d characters. Three or four words are good.", MinPassword)
	case len(password) > MaxPassword:
		return fault.New(fault.Invalid, "Please use at most %d characters.", MaxPassword)
	case few(low):
		return fault.New(fault.Invalid, "This password repeats the same few characters. Three or four words are good.")
	}
	for _, c := range common {
		if strings.Contains(low, c) && len(low) < len(c)+5 {
			return fault.New(fault.Invalid, "This password is among the first that others would try.")
		}
	}
	for _, w := range words {
		w = strings.ToLower(w)
		if len(w) >= 4 && strings.Contains(low, w) && len(low) < len(w)+6 {
			return fault.New(fault.Invalid, "Please do not use your name, company or address as the password.")
		}
	}
	return nil
}

// few tells whether a text has less than five different characters.
func few(s string) bool {
	seen := map[rune]bool{}
	for _, r := range s {
		seen[r] = true
	}
	return len(seen) < 5
}

// common are the roots that most guessed passwords are made of.
var common = []string{"password", "passwort", "123456", "12345678", "qwerty", "qwertz", "azerty", "letmein", "welcome", "iloveyou",
	"admin", "monkey", "dragon", "football", "baseball", "sunshine", "princess", "master", "login", "abc123", "111111", "123123",
	"superman", "trustno1", "changeme", "secret", "starwars", "whatever", "shadow", "michael", "jennifer", "computer", "internet",
	"1q2w3e4r", "qazwsx", "asdfgh", "zxcvbn", "987654", "hallo123", "motdepasse", "contraseña", "parola"}
