package workbook

import (
	"context"
	"io"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// StockDifference is how a device that was counted, or was not, differs from the
// register.
type StockDifference uint8

// The differences.
const (
	StockMissing    StockDifference = iota + 1 // the register has it there
	StockMisplaced                             // the register has it otherwise
	StockUnexpected                            // the register does not have it
)

var stockDifferenceNames = [...]string{"", "missing", "misplaced", "unexpected"}

// StockDifferences are all, as a note lists them.
func StockDifferences() []StockDifference {
	return []StockDifference{StockMissing, StockMisplaced, StockUnexpected}
}

// String is the difference's name.
func (d StockDifference) String() string { return stockDifferenceNames[d] }

// StockLine is one device of a count that differs. Model, tag and holder are those
// that the register has now.
type StockLine struct {
	What   StockDifference
	Serial fleet.Serial
	Tag    fleet.Tag
	Model  string
	Holder fleet.Holder
	Place  fleet.Place  // of a misplaced device: where the register had it
	Status fleet.Status // and as what
	Known  bool         // the actor sees the device now
}

// StockNote is a count with its differences, device by device.
type StockNote struct {
	registry.StockTakeDetail
	Lines []StockLine
}

// Count is how many devices differ in one way.
func (n *StockNote) Count(of StockDifference) int {
	switch of {
	case StockMissing:
		return len(n.Missing)
	case StockMisplaced:
		return len(n.Misplaced)
	}
	return len(n.Unexpected)
}

// ReadStockTake reads the count of a place on a day, as far as the actor sees it.
func ReadStockTake(ctx context.Context, s registry.Session, place fleet.PlaceCode, day fleet.Date) (*StockNote, error) {
	d, err := s.StockTake(ctx, place, day)
	if err != nil {
		return nil, err
	}
	names, err := modelNames(ctx, s)
	if err != nil {
		return nil, err
	}
	n := &StockNote{StockTakeDetail: d}
	for _, serial := range d.Missing {
		n.Lines = append(n.Lines, StockLine{What: StockMissing, Serial: serial})
	}
	for _, m := range d.Misplaced {
		n.Lines = append(n.Lines, StockLine{What: StockMisplaced, Serial: m.Serial, Place: d.Where[m.Place], Status: m.Status})
	}
	for _, serial := range d.Unexpected {
		n.Lines = append(n.Lines, StockLine{What: StockUnexpected, Serial: serial})
	}
	for i := range n.Lines {
		l := &n.Lines[i]
		now, err := s.FindDevice(ctx, l.Serial)
		if err != nil {
			return nil, err
		}
		if now != nil {
			l.Known, l.Tag, l.Model, l.Holder = true, now.Tag, names[now.Model], now.Holder
		}
	}
	return n, nil
}

// stockNoteColumns are those of a count's differences as a file.
var stockNoteColumns = []column{
	{0, "Difference", nil, formText, 14},
	{0, "Serial Number", nil, formCode, 22},
	{0, "Asset Tag", nil, formCode, 16},
	{0, "Model", nil, formText, 26},
	{0, "Holder", nil, formText, 24},
	{0, "In the Register At", nil, formText, 40},
	{0, "In the Register As", nil, formText, 16},
}

// Write writes the differences as a workbook.
func (n *StockNote) Write(w io.Writer) error {
	out, err := newXLSXWriter(w, stockNoteColumns, "differences", "")
	if err != nil {
		return err
	}
	for _, l := range n.Lines {
		place, status := "", ""
		if l.What == StockMisplaced {
			place, status = l.Place.Name+" ("+string(l.Place.Code)+")", l.Status.String()
		}
		cells := []value{text(l.What.String()), text(string(l.Serial)), text(string(l.Tag)), text(l.Model), text(holderText(l.Holder)), text(place), text(status)}
		if err := out.row(cells); err != nil {
			out.abandon()
			return err
		}
	}
	return out.finish()
}
