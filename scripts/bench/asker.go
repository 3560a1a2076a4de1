package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"path"
	"sync"
	"sync/atomic"
	"time"
)

// asker is the client: it asks a server for devices and compares the answers.
type asker struct {
	base, token string
	paths       []string
	bodies      map[string][]byte // by serial
	client      *http.Client
	took        []time.Duration // for one answer, of each round
	work        []time.Duration // of the processors for one answer, asking included
}

func newAsker(base, token string) *asker {
	return &asker{base: base, token: token, client: &http.Client{
		// The peer has the bytes as they are, so they are not to be compressed.
		Transport: &http.Transport{MaxIdleConnsPerHost: lookupClients, DisableCompression: true},
	}}
}

// aim chooses the devices and learns what the right answers are.
func (a *asker) aim(query string) error {
	world, err := newWorld(lookupDevices)
	if err != nil {
		return err
	}
	a.paths, a.bodies = nil, map[string][]byte{}
	for i := range lookedUp {
		serial := string(world.Device(i * (lookupDevices / lookedUp)).Serial)
		at := "/api/v1/devices/" + serial + query
		if a.bodies[serial], err = a.get(context.Background(), at); err != nil {
			return err
		}
		a.paths = append(a.paths, at)
	}
	return nil
}

func (a *asker) get(ctx context.Context, at string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, a.base+at, nil)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", "Bearer "+a.token)
	res, err := a.client.Do(req)
	if err != nil {
		return nil, err
	}
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s: %s: %s", at, res.Status, body)
	}
	return body, errors.Join(err, res.Body.Close())
}

// run asks for one device after the other with all clients.
func (a *asker) run(ctx context.Context) error {
	var taken atomic.Int64
	var wg sync.WaitGroup
	errs := make([]error, lookupClients)
	began, before := time.Now(), work()
	for c := range lookupClients {
		wg.Go(func() {
			for i := taken.Add(1); i <= lookups && errs[c] == nil; i = taken.Add(1) {
				errs[c] = a.askOnce(ctx, int(i))
			}
		})
	}
	wg.Wait()
	a.took = append(a.took, time.Since(began)/lookups)
	a.work = append(a.work, (work()-before)/lookups)
	return errors.Join(errs...)
}

func (a *asker) askOnce(ctx context.Context, i int) error {
	at := a.paths[i%len(a.paths)]
	body, err := a.get(ctx, at)
	if err != nil {
		return err
	}
	serial, _, _ := bytes.Cut([]byte(path.Base(at)), []byte("?"))
	if !bytes.Equal(body, a.bodies[string(serial)]) {
		return fmt.Errorf("%s gives another answer than before", at)
	}
	return nil
}
