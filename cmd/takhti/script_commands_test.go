package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/boltkv"
	"github.com/takhti-edu/takhti/internal/registry"
)

// fail says what kept a command of a script from its work.
func fail(err error) int {
	fmt.Fprintln(os.Stderr, filepath.Base(os.Args[0])+":", err)
	return 1
}

// seed DIR makes a register with a small country in which 12 devices have
// arrived: PK, its province PK6 with district PK603 and the schools
// PK6-37330250 and PK6-37330251; serials CB0001 to CB0012, half of them at
// each school.
func seed() int {
	ctx := context.Background()
	if err := os.MkdirAll(os.Args[1], 0o700); err != nil {
		return fail(err)
	}
	store, err := boltkv.Open((&cli{data: os.Args[1]}).databaseFile())
	if err != nil {
		return fail(err)
	}
	reg, err := registry.Open(ctx, store, registry.Options{})
	if err != nil {
		return fail(err)
	}
	_, err = reg.As(registry.Operator()).Apply(ctx, registry.Request{}, smallCountry()...)
	if err != nil {
		return fail(err)
	}
	if err := reg.Close(); err != nil {
		return fail(err)
	}
	return 0
}

func smallCountry() []registry.Change {
	place := func(parent, code fleet.PlaceCode, kind fleet.PlaceKind, name, emis string) registry.Change {
		return registry.SavePlace{Parent: parent, Place: fleet.Place{Code: code, Kind: kind, State: fleet.Active, Name: name, EMIS: emis}}
	}
	changes := []registry.Change{
		place("", "PK", fleet.Country, "Pakistan", ""),
		place("PK", "PK6", fleet.Province, "Punjab", ""),
		place("PK6", "PK603", fleet.District, "Rawalpindi", ""),
		place("PK603", "PK6-37330250", fleet.School, "GGHS Dhoke Kala Khan", "37330250"),
		place("PK603", "PK6-37330251", fleet.School, "GBHS Sadiqabad", "37330251"),
		place("PK603", "PK603-STORE", fleet.Store, "Rawalpindi store", ""),
		registry.AnnounceShipment{Number: "S-1", Supplier: "Haier Pakistan", Destination: "PK603-STORE"},
	}
	for i := range 12 {
		serial := fleet.Serial(fmt.Sprintf("CB%04d", i+1))
		school := fleet.PlaceCode("PK6-3733025" + strconv.Itoa(i%2))
		changes = append(changes,
			registry.ExpectDevice{Shipment: "S-1", Device: fleet.Device{Serial: serial}, Model: "Takhti 11"},
			registry.ReceiveDevice{Serial: serial},
			registry.DispatchDevice{Serial: serial, To: school},
			registry.AcceptDevice{Serial: serial})
	}
	return changes
}

// hold DIR has the database open, as a server does, until it is interrupted. It
// makes the file DIR/held when it has it.
func hold() int {
	c := &cli{data: os.Args[1]}
	store, err := boltkv.Open(c.databaseFile())
	if err != nil {
		return fail(err)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := os.WriteFile(filepath.Join(c.data, "held"), nil, 0o600); err != nil {
		return fail(err)
	}
	<-ctx.Done()
	if err := store.Close(); err != nil {
		return fail(err)
	}
	return 0
}

// miscount DIR adds one to a counter behind the register's back.
func miscount() int {
	store, err := boltkv.Open((&cli{data: os.Args[1]}).databaseFile())
	if err != nil {
		return fail(err)
	}
	err = store.Update(context.Background(), func(w kv.Writer) error {
		prefix := kv.Key("device.status_at")
		for pair, err := range w.Scan(prefix, prefix.End()) {
			if err != nil {
				return err
			}
			return w.Add(bytes.Clone(pair.Key), 1)
		}
		return errors.New("there is no counter")
	})
	if err := errors.Join(err, store.Close()); err != nil {
		return fail(err)
	}
	return 0
}

// flip FILE TEXT changes one letter wherever the text stands in a file.
func flip() int {
	data, err := os.ReadFile(os.Args[1])
	if err != nil {
		return fail(err)
	}
	text := []byte(os.Args[2])
	damaged := append([]byte{text[0] ^ 1}, text[1:]...)
	if !bytes.Contains(data, text) {
		return fail(fmt.Errorf("%s does not hold %q", os.Args[1], text))
	}
	if err := os.WriteFile(os.Args[1], bytes.ReplaceAll(data, text, damaged), 0o600); err != nil {
		return fail(err)
	}
	return 0
}
