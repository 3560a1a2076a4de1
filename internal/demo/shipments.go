package demo

import (
	"fmt"
	"time"

	"github.com/takhti-edu/takhti/internal/atlas"
	"github.com/takhti-edu/takhti/internal/fleet"
)

// Shipment is a delivery from an assembler. Its devices are numbers First to
// First+Count-1.
type Shipment struct {
	Number     string
	Supplier   string
	PO         string
	To         fleet.PlaceCode // the store it comes to
	Direct     bool            // it is delivered to the schools themselves; To is the country
	Columns    []string        // how the assembler heads its packing list, see [World.PackingRow]
	Dispatched fleet.Date
	Announced  time.Time
	Received   time.Time // when it comes to its store, or leaves for the schools
	Closed     time.Time // may be yet to come
	First      int
	Count      int
	Lots       []Lot

	stamp  string // how its serials begin: maker, year, week
	window int    // days over which it is sent on to schools
}

// Lot is a batch of devices of one model that were assembled together.
type Lot struct {
	Code  string
	Model fleet.Model
	Price fleet.Rupees
	Weak  bool // fails far more often than the others
	share int  // of the shipment, in percent
}

// The models, all of them made up.
var modelTable = []fleet.Model{
	{Name: "Sutlej Qalam 11", Manufacturer: "Sutlej Devices", Screen: `11.6"`, AUE: fleet.NewDate(2031, 6, 30), LifeMonths: 60},
	{Name: "Sutlej Qalam 14", Manufacturer: "Sutlej Devices", Screen: `14.0"`, AUE: fleet.NewDate(2032, 6, 30), LifeMonths: 60},
	{Name: "Margalla Ilm 11 Touch", Manufacturer: "Margalla Assembly", Screen: `11.6"`, AUE: fleet.NewDate(2033, 6, 30), LifeMonths: 72},
	{Name: "Kirthar Sabaq 11", Manufacturer: "Kirthar Electronics", Screen: `11.6"`, AUE: fleet.NewDate(2034, 6, 30), LifeMonths: 60},
}

// lotPlan is a lot of a shipmentPlan: model is an index into modelTable.
type lotPlan struct {
	prefix string
	model  int
	share  int
	price  fleet.Rupees
	weak   bool
}

// shipmentPlan is a shipment before its dates are known.
type shipmentPlan struct {
	share     int // of all devices, in percent; the last one takes what is left
	announced int // days before the last moment
	supplier  string
	maker     string // the first two characters of its serials
	to        fleet.PlaceCode
	columns   []string
	window    int // days over which it is sent on to schools
	lots      []lotPlan
}

const rupee fleet.Rupees = 100 // in paisa

var shipmentPlans = []shipmentPlan{
	{50, 540, "Sutlej Devices", "SD", "ST-LHR", sutlejColumns, 75, []lotPlan{
		{"SQ11-A", 0, 45, 58_500 * rupee, false}, {"SQ11-B", 0, 20, 58_500 * rupee, true}, {"SQ14-A", 1, 35, 71_900 * rupee, false},
	}},
	{30, 335, "Margalla Assembly", "MA", atlas.CountryCode, margallaColumns, 60, []lotPlan{
		{"MI11-A", 2, 60, 64_250 * rupee, false}, {"MI11-B", 2, 40, 64_250 * rupee, false},
	}},
	{20, 125, "Kirthar Electronics", "KE", "ST-KHI", kirtharColumns, 140, []lotPlan{
		{"KS11-A", 3, 50, 55_750 * rupee, false}, {"KS11-B", 3, 50, 55_750 * rupee, false},
	}},
}

// planShipments puts the shipments before the last moment and shares out the devices.
func planShipments(o Options) []Shipment {
	shipments := make([]Shipment, len(shipmentPlans))
	first := 0
	for i, p := range shipmentPlans {
		count := o.Devices * p.share / 100
		if i == len(shipmentPlans)-1 {
			count = o.Devices - first
		}
		shipments[i] = p.shipment(i, o.Now)
		shipments[i].First, shipments[i].Count = first, count
		first += count
	}
	return shipments
}

func (p shipmentPlan) shipment(i int, now time.Time) Shipment {
	const officesOpen = 10 * time.Hour
	announced := workTime(now, -p.announced, officesOpen)
	received := workTime(announced, 6, officesOpen)
	dispatched := fleet.DateOf(announced) + 1
	year := announced.Year()
	s := Shipment{
		Number: fmt.Sprintf("SHP-%d-%02d", year, i+1), Supplier: p.supplier, PO: fmt.Sprintf("PO-%d-%04d", year, 117+i*94),
		To: p.to, Direct: p.to == atlas.CountryCode, Columns: p.columns, Dispatched: dispatched, Announced: announced,
		Received: received, Closed: workTime(received, 150, officesOpen), window: p.window,
	}
	year, week := dispatched.Time().AddDate(0, 0, -21).ISOWeek() // of assembly
	s.stamp = fmt.Sprintf("%s%d%02d", p.maker, year%10, week)
	for _, l := range p.lots {
		s.Lots = append(s.Lots, Lot{
			Code:  fmt.Sprintf("%s-%02d%02d", l.prefix, year%100, week),
			Model: modelTable[l.model], Price: l.price, Weak: l.weak, share: l.share,
		})
	}
	return s
}

// workTime is the given time of the day that many days after t, or of the next
// working day: schools and offices are closed on Sundays.
func workTime(t time.Time, days int, timeOfDay time.Duration) time.Time {
	y, m, d := t.In(fleet.PKT).Date()
	day := time.Date(y, m, d+days, 0, 0, 0, 0, fleet.PKT)
	if day.Weekday() == time.Sunday {
		day = day.AddDate(0, 0, 1)
	}
	return day.Add(timeOfDay)
}

// officeHour turns a mixed number into a time of the day between eight and two.
func officeHour(x uint64) time.Duration {
	return 8*time.Hour + time.Duration(x%(6*60*60))*time.Second
}
