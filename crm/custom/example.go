package custom

import _ "embed"

// Example is the description of a small fleet, to begin with and to test with.
//
//go:embed example.json
var Example string
