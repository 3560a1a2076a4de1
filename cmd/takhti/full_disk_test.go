package main

import (
	"bytes"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/takhti-edu/takhti/pkg/takhti"
)

// On a full disk, writes are refused in words and change nothing, reads go on, and
// what was refused can be repeated once there is room.
func TestFullDiskRefusesWritesAndThenGoesOn(t *testing.T) {
	disk := smallDisk(t, "64m")
	data := filepath.Join(disk, "d")
	mustRun(t, "seed", data)
	t.Setenv("TMPDIR", disk) // as in a container
	c := serveChild(t, data, adminToken(t, data))
	plan := uploadRows(t, c, "S-FULL", 3000)
	commit := takhti.Commit{Digest: plan.Digest}

	filler := filepath.Join(disk, "filler")
	fill(t, filler)
	for range 2 { // it stays refused, in the same words
		_, err := c.client.CommitImport(t.Context(), plan.ID, commit)
		wantFull(t, "an import", err)
	}
	for what, rows := range map[string]int{"a small upload": 3000, "a spooled upload": 20_000} {
		_, err := c.client.UploadImport(t.Context(), uploadOf("S-MORE", rows))
		wantFull(t, what, err)
	}
	var backup bytes.Buffer
	_, err := c.client.Backup(t.Context(), &backup)
	if wantFull(t, "a backup", err); backup.Len() > 0 {
		t.Errorf("%d bytes of a backup were sent", backup.Len())
	}
	if counts, err := c.client.Counts(t.Context(), takhti.CountQuery{}); err != nil || counts.Total != 12 {
		t.Errorf("on the full disk there are %d devices, %v", counts.Total, err)
	}
	if _, err := c.client.Device(t.Context(), "CB0001"); err != nil {
		t.Errorf("on the full disk a device cannot be read: %v", err)
	}

	if err := os.Remove(filler); err != nil {
		t.Fatal(err)
	}
	if _, err := c.client.CommitImport(t.Context(), plan.ID, commit); err != nil {
		t.Errorf("with room again, the import is refused: %v", err)
	}
	if counts, err := c.client.Counts(t.Context(), takhti.CountQuery{}); err != nil || counts.Total != 3012 {
		t.Errorf("there are %d devices in the end, %v", counts.Total, err)
	}
	c.stop()
	mustRun(t, program(), "verify", "--data", data)
}

// On a full disk, a command says so and leaves the register as it was.
func TestFullDiskIsToldByCommands(t *testing.T) {
	disk := smallDisk(t, "64m")
	data := filepath.Join(disk, "d")
	mustRun(t, "seed", data)
	list := filepath.Join(t.TempDir(), "list.csv")
	mustRun(t, "mkrows", list, "20000")
	backup := filepath.Join(disk, "backup")
	fill(t, filepath.Join(disk, "filler"))
	for _, args := range [][]string{
		{"import", "shipment", list, "--shipment", "S-9", "--to", "PK603-STORE", "--data", data},
		{"backup", backup, "--data", data},
	} {
		out, err := exec.CommandContext(t.Context(), program(), args...).CombinedOutput()
		var exit *exec.ExitError
		if !errors.As(err, &exit) || exit.ExitCode() != exitFailed || !bytes.Contains(out, []byte("disk")) {
			t.Errorf("takhti %s on a full disk: %v\n%s", args[0], err, out)
		}
		t.Logf("%s", out)
	}
	if _, err := os.Stat(backup); err == nil {
		t.Error("half a backup is left")
	}
	if n := devices(t, data); n != 12 {
		t.Errorf("there are %d devices, want the 12 from before", n)
	}
	mustRun(t, program(), "verify", "--data", data)
}

// smallDisk is a disk of its own, in memory.
func smallDisk(t *testing.T, size string) string {
	t.Helper()
	dir := t.TempDir()
	if out, err := exec.CommandContext(t.Context(), "mount", "-t", "tmpfs", "-o", "size="+size, "tmpfs", dir).CombinedOutput(); err != nil {
		t.Skipf("a small disk cannot be mounted here (it takes root): %v %s", err, out)
	}
	t.Cleanup(func() {
		if out, err := exec.Command("umount", "-l", dir).CombinedOutput(); err != nil {
			t.Errorf("unmounting: %v %s", err, out)
		}
	})
	return dir
}

// fill writes until the disk takes no more.
func fill(t *testing.T, name string) {
	t.Helper()
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	block := make([]byte, 4096)
	rand.Read(block)
	for {
		if _, err := f.Write(block); err != nil {
			return
		}
	}
}

func wantFull(t *testing.T, what string, err error) {
	t.Helper()
	var answer *takhti.Error
	if !errors.As(err, &answer) || answer.Status != http.StatusServiceUnavailable || answer.Code != "register.full" {
		t.Errorf("%s on a full disk gives %v", what, err)
	}
}

func uploadOf(number string, rows int) takhti.Upload {
	var list bytes.Buffer
	fmt.Fprintln(&list, "Serial Number,Model,School EMIS")
	for i := range rows {
		fmt.Fprintf(&list, "%s-%05d,Takhti 11,3733025%d\n", number, i, i%2)
	}
	return takhti.Upload{
		Kind: takhti.ImportShipment, FileName: number + ".csv", File: &list, Shipment: number, To: "PK603-STORE",
	}
}

func uploadRows(t *testing.T, c *child, number string, rows int) takhti.Import {
	t.Helper()
	plan, err := c.client.UploadImport(t.Context(), uploadOf(number, rows))
	if err != nil {
		t.Fatal(err)
	}
	return plan
}

// What a failed import had taken of the disk is free again, so that the next,
// smaller one goes in.
func TestFailedImportGivesTheDiskBack(t *testing.T) {
	data := filepath.Join(smallDisk(t, "24m"), "d")
	mustRun(t, "seed", data)
	large, small := filepath.Join(t.TempDir(), "large.csv"), filepath.Join(t.TempDir(), "small.csv")
	mustRun(t, "mkrows", large, "50000")
	mustRun(t, "mkrows", small, "50")
	into := func(list, number string) ([]byte, error) {
		return exec.CommandContext(t.Context(), program(), "import", "shipment", list, "--shipment", number, "--to", "PK603-STORE", "--data", data).CombinedOutput()
	}
	if out, err := into(large, "S-9"); err == nil || !bytes.Contains(out, []byte("disk")) {
		t.Fatalf("50,000 rows on a disk of 24 MB: %v\n%s", err, out)
	}
	if out, err := into(small, "S-10"); err != nil {
		t.Errorf("50 rows after it: %v\n%s", err, out)
	}
	mustRun(t, program(), "verify", "--data", data)
}
