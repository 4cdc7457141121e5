package office

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
)

// key makes a key of the host's secret for a purpose.
func key(secret func(string) []byte, purpose string) ([32]byte, error) {
	if secret == nil {
		return [32]byte{}, errors.New("the back office needs the host's secret")
	}
	made := secret(purpose)
	if len(made) < 16 {
		return [32]byte{}, fmt.Errorf("the host's secret for %s has %d bytes instead of at least 16", purpose, len(made))
	}
	return sha256.Sum256(made), nil
}

func (o *Office) box() (cipher.AEAD, error) {
	block, err := aes.NewCipher(o.sealing[:])
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// seal closes the secret of an operator's second factor. In the row of another operator it does not open.
func (o *Office) seal(number int64, plain string) (string, error) {
	box, err := o.box()
	if err != nil {
		return "", err
	}
	nonce := make([]byte, box.NonceSize())
	if _, err := rand.Read(nonce); err != nil {
		return "", err
	}
	return base64.StdEncoding.EncodeToString(box.Seal(nonce, nonce, []byte(plain), whose(number))), nil
}

// unseal opens what seal closed. Nothing stays nothing.
func (o *Office) unseal(number int64, sealed string) (string, error) {
	if sealed == "" {
		return "", nil
	}
	box, err := o.box()
	if err != nil {
		return "", err
	}
	closed, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil || len(closed) < box.NonceSize() {
		return "", fmt.Errorf("the second factor of operator %d is malformed", number)
	}
	plain, err := box.Open(nil, closed[:box.NonceSize()], closed[box.NonceSize():], whose(number))
	if err != nil {
		return "", fmt.Errorf("the second factor of operator %d was sealed with another secret: %w", number, err)
	}
	return string(plain), nil
}

func whose(number int64) []byte { return fmt.Appendf(nil, "operator/%d", number) }
