package workbook

// listed reads a list and plans one row after another; about is what a row is known by.
func listed[T any](m *planner, f File, k Kind, parse func(*checker) T, about func(T) string, plan func(*checker, T) error) (*report, error) {
	how, err := m.setting(k)
	if err != nil {
		return nil, err
	}
	return list(m.ctx, f, how, parse, func(c *checker, r T) error {
		m.begin(c, about(r))
		if err := plan(c, r); err != nil {
			return err
		}
		m.leave(c)
		return m.tick()
	})
}
