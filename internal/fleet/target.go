package fleet

// TargetID numbers the targets.
type TargetID uint32

// Target is how many devices a place is to have by a day: a line of the rollout
// plan. It is for the place and everything below it, and says how many there are to
// be in all, not how many more than by an earlier day.
type Target struct {
	ID      TargetID `cbor:"1,keyasint"`
	Version uint32   `cbor:"2,keyasint"`
	Place   Path     `cbor:"3,keyasint"`
	By      Date     `cbor:"4,keyasint"`
	Devices uint32   `cbor:"5,keyasint,omitempty"` // zero: the target was taken back
}

// maxTarget is more devices than any country's schools are to have.
const maxTarget = 100_000_000

// Check says what is wrong with a target.
func (t *Target) Check() error {
	switch {
	case t.By == 0:
		return Invalidf("target.by_missing", "say by which day the devices are to be there").In("by")
	case t.Devices > maxTarget:
		return Invalidf("target.devices", "a target of %d devices cannot be right", t.Devices).In("devices")
	}
	return nil
}

// Missing is how many devices a place that has some is short of the target.
func (t *Target) Missing(has int64) int64 { return max(int64(t.Devices)-has, 0) }
