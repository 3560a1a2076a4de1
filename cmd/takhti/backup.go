package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/takhti-edu/takhti/internal/fleet"
	"github.com/takhti-edu/takhti/internal/kv"
	"github.com/takhti-edu/takhti/internal/kv/boltkv"
)

func (c *cli) backupCommand() *cobra.Command {
	cmd := &cobra.Command{
		Use: "backup FILE", Args: arguments("FILE"),
		Short: "Write the whole register to a file",
		Long: `Writes the whole register, as of one moment, to a file from which "takhti restore"
brings it back. With --server the server goes on meanwhile; the token must be one
of an administrator of the whole register. The workbooks in the folder imports are
not in it: copy them as they are. An earlier backup of that name is replaced once
the new one is whole.`,
		RunE: c.action(func(ctx context.Context, args []string) error { return c.backup(ctx, args[0]) }),
	}
	c.registerFlags(cmd)
	return cmd
}

func (c *cli) backup(ctx context.Context, path string) error {
	if err := mayReplace(path); err != nil {
		return err
	}
	dump := c.dumpHere
	if c.server != "" {
		dump = c.dumpThere
	}
	var sum kv.Summary
	hash := sha256.New()
	err := c.progressing("backing up", func() error {
		return c.writeFile(path, func(w io.Writer) (err error) {
			out := bufio.NewWriterSize(io.MultiWriter(w, hash), 1<<20)
			if sum, err = dump(ctx, out); err != nil {
				return err
			}
			return out.Flush()
		})
	})
	if err != nil {
		return err
	}
	digest := hex.EncodeToString(hash.Sum(nil))
	if c.json {
		return c.printJSON(struct {
			File   string `json:"file"`
			Pairs  uint64 `json:"pairs"`
			Bytes  uint64 `json:"bytes"`
			SHA256 string `json:"sha256"`
		}{path, sum.Pairs, sum.Bytes, digest})
	}
	c.say("%s: %s, %s", path, counted(int64(sum.Pairs), "pair"), counted(int64(sum.Bytes), "byte"))
	c.say("SHA-256 %s", digest)
	return nil
}

func (c *cli) dumpHere(ctx context.Context, w io.Writer) (sum kv.Summary, err error) {
	if err := c.dataIsThere(); err != nil {
		return sum, err
	}
	store, err := boltkv.Open(c.databaseFile(), boltkv.LockTimeout(patience))
	if err != nil {
		return sum, err
	}
	sum, err = kv.Dump(ctx, store, w)
	return sum, errors.Join(err, store.Close())
}

// dumpThere has a server dump its register, and checks what comes as it comes.
func (c *cli) dumpThere(ctx context.Context, w io.Writer) (sum kv.Summary, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	err = c.through(ctx, nil, func(l link) error {
		body, into := io.Pipe()
		refused := make(chan error, 1)
		go func() {
			n, err := l.Backup(ctx, into)
			into.CloseWithError(err)
			if n > 0 {
				err = nil // it began: what is wrong with it, reading it tells
			}
			refused <- err
		}()
		sum, err = kv.CheckDump(io.TeeReader(body, w))
		err = errors.Join(err, body.Close())
		cancel()
		if answer := <-refused; answer != nil && err != nil {
			return answer
		}
		return err
	})
	return sum, err
}

// mayReplace keeps a backup from being written over any file but a backup.
func mayReplace(path string) error {
	if info, err := os.Stat(path); err != nil || !info.Mode().IsRegular() {
		return nil // writing tells
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer func() { _ = f.Close() }()
	head := make([]byte, len(backupHead))
	if n, _ := io.ReadFull(f, head); n == 0 || bytes.Equal(head, []byte(backupHead)) {
		return nil
	}
	return fleet.Conflictf("backup.other_file", "%s is there already and is no backup of takhti: name another file", path)
}

// backupHead is how every backup begins.
const backupHead = "takhti dump "
