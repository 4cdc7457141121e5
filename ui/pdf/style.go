package pdf

// Align says where in its column a text stands.
type Align int

// The ways to align. Start is left, and right when the document is
// right-to-left.
const (
	Start Align = iota
	End
	Center
)

// Style is how a text looks. The zero value is the text of a letter: 10 points,
// regular, dark, at the start.
type Style struct {
	Size  float64 // in points, 4 to 72; 0 is 10
	Bold  bool
	Grey  bool // muted, for labels and notes
	Align Align
}

// Sizes of the parts that have one of their own, in points.
const (
	sizeText   = 10.0
	sizeTable  = 9.5
	sizeLabel  = 8.0
	sizeFooter = 7.5
)

// Greys, where 0 is black.
const (
	inkText  = 0.13
	inkGrey  = 0.45
	ruleDark = 0.35
	ruleFair = 0.85
)

func (s Style) size() float64 {
	if !(s.Size > 0) {
		return sizeText
	}
	return max(4, min(s.Size, 72))
}

// leading is the height of a line, which is looser in small type.
func (s Style) leading() float64 {
	if s.size() > 14 {
		return s.size() * 1.3
	}
	return s.size() * 1.45
}

// ascent is how far the baseline is below the top of a line.
func (s Style) ascent() float64 {
	return s.leading()/2 + s.size()*0.36
}

func (s Style) ink() float64 {
	if s.Grey {
		return inkGrey
	}
	return inkText
}
