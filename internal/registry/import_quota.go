package registry

import (
	"fmt"
	"time"

	"github.com/takhti-edu/takhti/internal/fleet"
)

// What one account may send in within a day, so that none fills the disk on which all
// files are kept. A district's busiest day has a dozen lists.
const (
	filesADay = 200
	bytesADay = 1 << 30
	quotaDay  = 24 * time.Hour
)

// mayTakeFile refuses one more file of an account that sent in too much of late.
// Whoever has the data folder has no quota.
func (t *tx) mayTakeFile(size int64) error {
	if t.actor.isOperator() {
		return nil
	}
	since := t.now.Add(-quotaDay)
	files, bytes, oldest := 1, size, t.now
	key := imports.Index("newest_of").Uint(uint64(t.actor.User))
	for id, err := range imports.IDs(t.w, key, key.End()) {
		if err != nil {
			return err
		}
		i, _, err := imports.Get(t.w, id)
		if err != nil {
			return err
		}
		sent := time.Unix(i.Time, 0)
		if !sent.After(since) || files > filesADay {
			break
		}
		files, bytes, oldest = files+1, bytes+i.Size, sent
	}
	if files <= filesADay && bytes <= bytesADay {
		return nil
	}
	wait := oldest.Sub(since).Round(time.Minute)
	return &fleet.Error{
		Kind: fleet.TooMany, Code: "import.quota", Field: "file", Wait: max(wait, time.Minute),
		Message: fmt.Sprintf("you sent in %d files of %d MB in all within 24 hours, and at most %d files of %d MB may come from one account: try again tomorrow, or have your administrator import the file on the server",
			files-1, (bytes-size)>>20, filesADay, bytesADay>>20),
	}
}
