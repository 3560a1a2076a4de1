package web

import (
	"strings"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// menuItem is a way to one of the main pages.
type menuItem struct {
	label, address string
	here           bool
}

// menu are the main pages that the visitor has a use for.
func (v *view) menu() []menuItem {
	items := []menuItem{
		{label: v.say("layout.home"), address: "/"},
		{label: v.say("layout.devices"), address: "/devices"},
		{label: v.say("layout.faults"), address: "/faults"},
		{label: v.say("layout.shipments"), address: "/shipments"},
		{label: v.say("layout.places"), address: "/places"},
	}
	if v.can(fleet.RunImports) {
		items = append(items, menuItem{label: v.say("layout.imports"), address: "/imports"})
	}
	if v.can(fleet.EditUsers) {
		items = append(items, menuItem{label: v.say("layout.users"), address: "/users"})
	}
	if v.can(fleet.ReadJournal) {
		items = append(items, menuItem{label: v.say("layout.journal"), address: "/journal"})
	}
	for i, item := range items {
		items[i].here = v.path == item.address || item.address != "/" && strings.HasPrefix(v.path, item.address+"/")
	}
	return items
}
