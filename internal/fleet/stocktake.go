package fleet

import "slices"

// StockTakeID numbers the stock-takes.
type StockTakeID uint32

// StockTake is a count of a place on a day: what was found there, compared with what
// the register had there when the count was recorded. It changes none of the devices;
// the differences are settled by other changes. Each list is in the order of serials.
type StockTake struct {
	ID      StockTakeID `cbor:"1,keyasint"`
	Version uint32      `cbor:"2,keyasint"`
	Place   Path        `cbor:"3,keyasint"` // itself, without what lies below it
	Date    Date        `cbor:"4,keyasint"`
	User    UserID      `cbor:"5,keyasint"`
	By      string      `cbor:"6,keyasint"` // the user's name
	Time    int64       `cbor:"7,keyasint"` // when it was recorded, in Unix seconds

	Found      []Serial    `cbor:"8,keyasint,omitempty"`  // where the register has them
	Missing    []Serial    `cbor:"9,keyasint,omitempty"`  // which the register has there
	Unexpected []Serial    `cbor:"10,keyasint,omitempty"` // which the register does not have
	Misplaced  []Misplaced `cbor:"11,keyasint,omitempty"` // which it has otherwise
}

// Misplaced is a device that was found though the register has it at another place,
// or there as one that is not at hand: on its way, lost or retired.
type Misplaced struct {
	Serial Serial  `cbor:"1,keyasint"`
	Place  PlaceID `cbor:"2,keyasint"`
	Status Status  `cbor:"3,keyasint"`
}

// maxCounted is how many devices one count can have.
const maxCounted = 50_000

// StandsAt says whether the device is to be found at the place itself.
func (d *Device) StandsAt(p Path) bool {
	return d.Place == p && (d.Status == InStore || d.Status == AtSchool || d.Status == Issued)
}

// Compare sorts the serials that were found into the lists. known are those of them
// that the register has, and here the devices that it has at the place.
func (s StockTake) Compare(listed []Serial, known map[Serial]Device, here []Device) (StockTake, error) {
	s.Found, s.Missing, s.Unexpected, s.Misplaced = nil, nil, nil, nil
	listed = slices.Compact(slices.Sorted(slices.Values(listed)))
	if len(listed) > maxCounted {
		return s, Invalidf("stocktake.too_many", "%d devices are more than one count can have: at most %d", len(listed), maxCounted).In("serial")
	}
	for _, serial := range listed {
		switch d, ok := known[serial]; {
		case !ok:
			s.Unexpected = append(s.Unexpected, serial)
		case d.StandsAt(s.Place):
			s.Found = append(s.Found, serial)
		default:
			s.Misplaced = append(s.Misplaced, Misplaced{serial, d.Place.ID(), d.Status})
		}
	}
	for i := range here {
		if _, found := slices.BinarySearch(listed, here[i].Serial); !found && here[i].StandsAt(s.Place) {
			s.Missing = append(s.Missing, here[i].Serial)
		}
	}
	slices.Sort(s.Missing)
	return s, nil
}

// Listed are all that were found, wherever the register has them.
func (s *StockTake) Listed() []Serial {
	all := slices.Concat(s.Found, s.Unexpected)
	for _, m := range s.Misplaced {
		all = append(all, m.Serial)
	}
	slices.Sort(all)
	return all
}

// CheckCounted refuses a day on which nothing can have been counted yet.
func CheckCounted(day, today Date) error {
	switch {
	case day == 0:
		return Invalidf("stocktake.date_missing", "say on which day the devices were counted").In("date")
	case day > today:
		return Invalidf("stocktake.date", "%s has not come yet: give the day on which the devices were counted", day).In("date")
	}
	return nil
}
