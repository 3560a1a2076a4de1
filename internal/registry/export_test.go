package registry

// Stale says whether the trial has to try all its changes again.
func (t *Trial) Stale() bool { return t.stale }
