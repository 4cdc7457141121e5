package data

import "sync"

// maxMemos is how many answers a file remembers. Past it all are dropped: keys may come from people.
const maxMemos = 512

// memo is an answer, true as long as the file was written no more often than at.
type memo struct {
	at    int64
	value any
}

// Memo returns what make made for key, and makes it anew once the file has been written since.
// Several callers may make it at the same time. Errors are not remembered.
func (db *DB) Memo(key string, make func() (any, error)) (any, error) {
	at := db.Writes() // before make reads: a write in between makes its answer stale
	db.mu.Lock()
	known, ok := db.memo[key]
	db.mu.Unlock()
	if ok && known.at == at {
		return known.value, nil
	}
	value, err := make()
	if err != nil {
		return nil, err
	}
	db.mu.Lock()
	defer db.mu.Unlock()
	if len(db.memo) >= maxMemos {
		clear(db.memo)
	}
	if !db.closed {
		db.memo[key] = memo{at, value}
	}
	return value, nil
}

// keeping is a value that is being made, or is made.
type keeping struct{ value func() (any, error) }

// Keep returns what make made for key, until Forget or Close. It is made by one caller,
// and the others wait for it. Errors are not kept.
// make must not ask for the same key.
func (db *DB) Keep(key string, make func() (any, error)) (value any, err error) {
	db.mu.Lock()
	k := db.kept[key]
	if k == nil {
		k = &keeping{sync.OnceValues(make)}
		if !db.closed {
			db.kept[key] = k
		}
	}
	db.mu.Unlock()

	made := false
	defer func() { // also after a panic
		if made {
			return
		}
		db.mu.Lock()
		defer db.mu.Unlock()
		if db.kept[key] == k {
			delete(db.kept, key)
		}
	}()
	value, err = k.value()
	made = err == nil
	return value, err
}

// Forget drops everything that Keep keeps: the shape of the file changed.
// What is being made just now still reaches those who wait for it, and nobody else.
func (db *DB) Forget() {
	db.mu.Lock()
	defer db.mu.Unlock()
	clear(db.kept)
}
