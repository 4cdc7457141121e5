package billing

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"rowhouse/data"
)

// Seal keeps the gateways' keys closed and the addresses of documents unguessable. Its own key lies beside the host's file and
// not in it, so that a copy of the file alone opens nothing.
type Seal struct{ key []byte }

// sealFile is the name of the key's file in the host's folder.
const sealFile = "seal.key"

// OpenSeal reads the key in a folder, or makes it. A file of another length is an error: a new key would lose what is sealed.
func OpenSeal(dir string) (Seal, error) {
	path := filepath.Join(dir, sealFile)
	key, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return makeSeal(dir, path)
	}
	if err == nil && len(key) != 32 {
		err = fmt.Errorf("%s has %d bytes instead of 32", path, len(key))
	}
	if err != nil {
		return Seal{}, fmt.Errorf("read the seal's key: %w", err)
	}
	return Seal{key}, nil
}

func makeSeal(dir, path string) (Seal, error) {
	key := make([]byte, 32)
	_, _ = rand.Read(key) // never fails
	if err := os.WriteFile(path+".new", key, 0o600); err != nil {
		return Seal{}, fmt.Errorf("make the seal's key: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return Seal{}, err
	}
	return Seal{key}, data.SyncDir(dir)
}

func (s Seal) box() (cipher.AEAD, error) {
	block, err := aes.NewCipher(s.key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCM(block)
}

// close seals a text under a name; it opens only under the same name.
func (s Seal) close(name string, text []byte) ([]byte, error) {
	box, err := s.box()
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, box.NonceSize())
	_, _ = rand.Read(nonce)
	return box.Seal(nonce, nonce, text, []byte(name)), nil
}

// open opens what was sealed under a name.
func (s Seal) open(name string, sealed []byte) ([]byte, error) {
	box, err := s.box()
	if err != nil {
		return nil, err
	}
	if len(sealed) < box.NonceSize() {
		return nil, fmt.Errorf("what is sealed for %s is cut off", name)
	}
	text, err := box.Open(nil, sealed[:box.NonceSize()], sealed[box.NonceSize():], []byte(name))
	if err != nil {
		return nil, fmt.Errorf("open what is sealed for %s: %w", name, err)
	}
	return text, nil
}

// Secret is a secret of this installation, the same each time, for a purpose.
func (s Seal) Secret(purpose string) string { return s.mark("secret/" + purpose) }

// Token is the unguessable name of a row in addresses: its number and a mark that only we can make.
func (s Seal) Token(kind string, id int64) string {
	n := strconv.FormatInt(id, 10)
	return n + "-" + s.mark(kind+"/"+n)
}

func (s Seal) mark(name string) string {
	mac := hmac.New(sha256.New, s.key)
	mac.Write([]byte(name))
	return strings.ToLower(base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(mac.Sum(nil)[:15]))
}

// Redeem returns the number in a token, if we made it.
func (s Seal) Redeem(kind, token string) (int64, bool) {
	n, mark, ok := strings.Cut(token, "-")
	id, err := strconv.ParseInt(n, 10, 64)
	if !ok || err != nil || strconv.FormatInt(id, 10) != n {
		return 0, false
	}
	return id, hmac.Equal([]byte(mark), []byte(s.mark(kind+"/"+n)))
}

// Hide seals a secret of the host under a name, to be kept in a column of texts.
func (s Seal) Hide(name, text string) (string, error) {
	sealed, err := s.close(name, []byte(text))
	return base64.StdEncoding.EncodeToString(sealed), err
}

// Reveal opens what Hide has sealed under the same name.
func (s Seal) Reveal(name, kept string) (string, error) {
	sealed, err := base64.StdEncoding.DecodeString(kept)
	if err != nil {
		return "", fmt.Errorf("what is sealed for %s is cut off", name)
	}
	text, err := s.open(name, sealed)
	return string(text), err
}
