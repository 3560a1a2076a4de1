package demo

import (
	"fmt"
	"iter"
	"strings"

	"github.com/takhti-edu/takhti/internal/atlas"
	"github.com/takhti-edu/takhti/internal/fleet"
)

// Device is one line of a packing list.
type Device struct {
	Shipment     int // index into [World.Shipments]
	Serial       fleet.Serial
	Tag          fleet.Tag
	MAC          string
	Model        string
	Carton       string
	Lot          string
	Line         string
	PO           string
	Price        fleet.Rupees
	Funding      string
	WarrantyEnds fleet.Date
	School       int // index into [World.Schools]
}

const devicesPerCarton = 10

// Device is the device of that number.
func (w *World) Device(n int) Device { return w.device(n, w.consignmentOf(n)) }

func (w *World) device(n int, c *consignment) Device {
	ship := &w.shipments[c.shipment]
	lot := &ship.Lots[c.lot]
	carton := (n-ship.First)/devicesPerCarton + 1
	return Device{
		Shipment: int(c.shipment), School: int(c.school),
		Serial: w.serial(int(c.shipment), n), Tag: fleet.Tag(fmt.Sprintf("CB-%07d", n+1)), MAC: mac(n),
		Model: lot.Model.Name, Carton: fmt.Sprintf("%s-C%06d", ship.Number[4:], carton),
		Lot: lot.Code, Line: fmt.Sprintf("Line %d", 1+carton%3), PO: ship.PO,
		Price: lot.Price, Funding: w.funding(c), WarrantyEnds: warranty(ship.Dispatched),
	}
}

// serial is the serial of a device of the shipment.
func (w *World) serial(shipment, n int) fleet.Serial {
	return serial(w.shipments[shipment].stamp, n, mix(w.opts.Seed, deviceStream, n))
}

// PackingList is a shipment's devices in order, with their numbers.
func (w *World) PackingList(shipment int) iter.Seq2[int, Device] {
	return func(yield func(int, Device) bool) {
		for i := range w.consignments {
			c := &w.consignments[i]
			if int(c.shipment) != shipment {
				continue
			}
			for n := int(c.first); n < int(c.first+c.count); n++ {
				if !yield(n, w.device(n, c)) {
					return
				}
			}
		}
	}
}

// Arrival is how a device came in: nearly all as listed, a few damaged, a few
// not at all. The last pallet of a shipment that is still open is yet to come.
func (w *World) Arrival(n int) fleet.Arrival {
	last := &w.shipments[len(w.shipments)-1]
	if n >= last.First+last.Count*97/100 && last.Closed.After(w.opts.Now) {
		return fleet.Short
	}
	switch x := mix(w.opts.Seed, arrivalStream, n) % 1000; {
	case x < 2:
		return fleet.Short
	case x < 6:
		return fleet.DamagedOnArrival
	default:
		return fleet.AsListed
	}
}

// funding is who paid: the province for some of its schools, else the federation.
func (w *World) funding(c *consignment) string {
	if c.school%3 != 0 {
		return "Federal PSDP"
	}
	switch province := w.schools[c.school].Parent[:provinceCodeLen]; province {
	case atlas.Punjab:
		return "Punjab ADP"
	case atlas.Sindh:
		return "Sindh ADP"
	case atlas.KhyberPakhtunkhwa:
		return "KP ADP"
	case atlas.Balochistan:
		return "Balochistan PSDP"
	default:
		return "Federal PSDP"
	}
}

// warranty runs for two years.
func warranty(from fleet.Date) fleet.Date {
	y, m, d := from.Time().Date()
	return fleet.NewDate(y+2, m, d)
}

// serialLetters leave out I, L, O, Q and U, which are taken for other ones. There
// are 31, a prime, so the last character catches any one mistake and any two
// neighbours that changed places.
const serialLetters = "0123456789ABCDEFGHJKMNPRSTVWXYZ"

// serial has eleven characters: the assembler's two, the year's last digit, the
// week, a running number with gaps, and a check character.
func serial(stamp string, n int, x uint64) fleet.Serial {
	const gaps = 3 // devices that failed inspection have numbers too
	s := append(make([]byte, 0, 11), stamp+"00000"...)
	for i, run := len(s)-1, uint64(n)*gaps+x%gaps; i >= len(stamp); i, run = i-1, run/31 { // n is never negative
		s[i] = serialLetters[run%31]
	}
	return fleet.Serial(append(s, checkCharacter(s)))
}

func checkCharacter(s []byte) byte {
	sum := 0
	for i, b := range s {
		sum += (i + 1) * strings.IndexByte(serialLetters, b)
	}
	return serialLetters[sum%len(serialLetters)]
}

// mac is locally administered (its second digit is 2), so it belongs to no maker.
// Multiplying by an odd number keeps the last 24 bits different for every device.
func mac(n int) string {
	x := uint32(n) * 0x9e3779b1 & 0xffffff // wraps on purpose
	return fmt.Sprintf("02:54:4B:%02X:%02X:%02X", x>>16, x>>8&0xff, x&0xff)
}
