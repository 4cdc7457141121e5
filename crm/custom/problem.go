package custom

import (
	"fmt"
	"strings"

	"rowhouse/data/fault"
)

// maxProblems is how many problems are told at once.
const maxProblems = 20

// Problem is one thing that is wrong with a description.
type Problem struct {
	Place string // entities[0].fields[3].kind
	Err   error  // a fault with the sentence
}

func (p Problem) String() string {
	if p.Place == "" {
		return p.Err.Error()
	}
	return p.Place + ": " + p.Err.Error()
}

// Refused is a description that was not taken, with everything that is wrong with it.
type Refused struct {
	Problems []Problem // the first 20
	More     int       // how many more there are
}

// Error lists the problems, one on each line.
func (r *Refused) Error() string {
	var lines []string
	for _, p := range r.Problems {
		lines = append(lines, p.String())
	}
	if r.More > 0 {
		lines = append(lines, fmt.Sprintf("and %d more", r.More))
	}
	return strings.Join(lines, "\n")
}

// Add notes a problem.
func (r *Refused) Add(place, format string, args ...any) {
	r.add(place, fault.New(fault.Invalid, format, args...))
}

func (r *Refused) add(place string, err error) {
	if len(r.Problems) < maxProblems {
		r.Problems = append(r.Problems, Problem{place, err})
		return
	}
	r.More++
}

// err is the error of all problems; nil if there are none.
func (r *Refused) err() error {
	if len(r.Problems) == 0 {
		return nil
	}
	return r
}

// refuse is a description refused for one reason.
func refuse(place string, why error) *Refused {
	return &Refused{Problems: []Problem{{place, why}}}
}
