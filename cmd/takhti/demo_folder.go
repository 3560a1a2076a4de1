package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/takhti-edu/takhti/internal/auth"
	"github.com/takhti-edu/takhti/internal/demo"
	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/registry"
)

// In a demo's data folder.
const (
	demoMarker    = "this-is-a-demo.txt"
	demoWorkbooks = "workbooks"
)

const demoMarkerText = "Made by \"takhti demo\". The database, the imports and the workbooks in this folder are deleted when the demo is made anew.\n"

// clearDemo empties the data folder of an earlier demo. Only the marker that a
// demo leaves makes a folder one that may be emptied.
func (c *cli) clearDemo() error {
	marker := filepath.Join(c.data, demoMarker)
	if _, err := os.Stat(marker); errors.Is(err, fs.ErrNotExist) {
		return c.beginDemoFolder(marker)
	} else if err != nil {
		return err
	}
	if held, err := holdDatabase(c.databaseFile()); err != nil {
		return err
	} else if held != nil {
		if err := held.Close(); err != nil {
			return err
		}
	}
	c.tell("%s holds an earlier demo: it is replaced, with whatever was entered in it", c.data)
	for _, name := range []string{c.databaseFile(), c.importsFolder(), filepath.Join(c.data, demoWorkbooks)} {
		if err := os.RemoveAll(name); err != nil {
			return err
		}
	}
	return nil
}

func (c *cli) beginDemoFolder(marker string) error {
	found, err := os.ReadDir(c.data)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if len(found) > 0 {
		return fleet.Conflictf("demo.folder", "%s is not empty, and not a demo's: name another folder with --data", c.data)
	}
	if err := c.makeFolder(); err != nil {
		return err
	}
	return os.WriteFile(marker, []byte(demoMarkerText), 0o600)
}

// tokenLife is how long the tokens of a demo live.
const tokenLife = 90 * 24 * time.Hour

func tokenFor(p demo.SignIn) auth.TokenSpec {
	return auth.TokenSpec{
		Name: "demo", User: p.User, Expires: time.Now().Add(tokenLife),
		Grants: []registry.UserGrant{{Role: p.Role, Place: p.Place}},
	}
}
