package web

import (
	"net/url"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// maxImports is how many imports the list shows, the latest.
const maxImports = 100

func importAddress(id uint64) string { return "/imports/" + url.PathEscape(registry.ImportRef(id)) }

func (v *visit) listImports() (reply, error) {
	if err := v.mayImport(); err != nil {
		return reply{}, err
	}
	list, err := v.session.Imports(v.ctx, maxImports)
	return show(v.say("import.list"), importListBody(v.view, list)), err
}

func (v *visit) mayImport() error {
	if v.can(fleet.RunImports) {
		return nil
	}
	return fleet.Forbiddenf("forbidden", "your role does not allow imports")
}
