package authz

// webRecipes are the ways to ask for pages.
func webRecipes() []*recipe {
	const (
		onDevice   = "receipts|assignments|consignments|devices"
		onFault    = "faults|repairs"
		onShipment = "receipts|shipments"
	)
	return []*recipe{
		plain("GET /favicon.ico", toAll),
		plain("GET /", toSignedIn),
		plain("GET /search", toReaders).asks("q=QX"),
		query("GET /search", toReaders, aDevice, "q=%").listing(),
		query("GET /search", toReaders, aPlace, "q=%").listing(),
		query("GET /search", toReaders, aShipment, "q=%").listing(),
		query("GET /search", toReaders, aFault, "q=%").listing(),
		plain("GET /sign-in", toAll),
		plain("POST /sign-in", toAll).form("name=nobody.here&password=wrong"),
		plain("POST /sign-out", toAll).late(3),
		plain("GET /C/:secret", toAll).param("secret", "NOCARD"),
		plain("POST /card", toAll).form("card=NOCARD").late(3),
		plain("GET /sign-in/google", toAll),
		plain("GET /sign-in/google/callback", toAll),
		plain("GET /sign-in/google/confirm", toAll),
		plain("POST /sign-in/google/confirm", toAll).form("do=confirm"),

		plain("GET /devices", toReaders),
		query("GET /devices", toReaders, aPlace, "place=%"),
		query("GET /devices", toReaders, aShipment, "shipment=%"),
		path("GET /devices/*serial", toReaders, aDevice),
		path("GET /devices/*serial", toReaders, aTraveller).as("path, from elsewhere"),
		path("POST /devices/*serial", onDevice, aDevice).takes(thing("devices")).form("do=retire"),
		path("POST /devices/*serial", onDevice, aComing).as("path, accept").takes(thing("receipts")).form("do=accept"),
		path("POST /devices/*serial", onDevice, aComing).as("path, refuse").takes(thing("receipts")).form("do=refuse"),
		path("POST /devices/*serial", onDevice, aWaiting).as("path, receive").takes(thing("receipts")).form("do=receive"),
		path("POST /devices/*serial", onDevice, aDevice).as("path, assign").takes(thing("assignments")).form("do=assign&holder_kind=cart&holder=1").unless(notASchool),
		path("POST /devices/*serial", onDevice, anIssued).as("path, return").takes(thing("assignments")).form("do=return").unless(notASchool),
		path("POST /devices/*serial", onDevice, aStranger).as("path, dispatch").takes(thing("consignments")).form("do=dispatch&to={other}"),
		path("POST /devices/*serial", "consignments", aPlace).as("body").param("serial", "{plain}").form("do=dispatch&to=%").unless(isIndia),

		plain("GET /arrivals", "receipts"),
		path("POST /arrivals", "receipts", aComing).as("bulk").form("do=accept_ticked&serial=%"),
		plain("GET /send", "consignments"),
		path("POST /send", "consignments", aStranger).as("bulk").form("do=send&to={other}&serials={plain}+%"),
		path("POST /send", "consignments", aPlace).as("body").form("do=send&to=%&serials={plain}").unless(isIndia),

		path("GET /D/*serial", toAll, aDevice),
		plain("GET /d", toReaders),
		query("GET /d", toReaders, aDevice, "serial=%").listing(),
		path("GET /d/*serial", toReaders, aDevice),
		path("POST /d/*serial", toSignedIn, aDevice).readsFirst().takes(thing("faults")).form("do=report&category=hinge&severity=minor&note=x"),

		plain("GET /faults", toReaders),
		query("GET /faults", toReaders, aPlace, "place=%"),
		path("GET /faults/:ref", toReaders, aFault),
		path("GET /faults/:ref/ticket", toReaders, aFault),
		path("POST /faults/:ref", onFault, aFault).takes(thing("repairs")).form("do=triage&severity=minor"),
		path("POST /faults/:ref", onFault, aFault).as("path, note").takes(thing("faults")).form("do=note&note=x"),
		path("POST /faults/:ref", onFault, aFault).as("path, repair").takes(thing("repairs")).form("do=repair&route=workshop"),
		path("POST /faults/:ref", onFault, aRepair).as("path, repaired").takes(thing("repairs")).form("do=repaired&outcome=repaired"),
		path("POST /faults/:ref", onFault, aFault).as("path, close").takes(thing("faults")).form("do=close&outcome=no_fault_found"),

		plain("GET /shipments", toReaders),
		path("GET /shipments/*number", toReaders, aShipment),
		path("GET /shipments/*number", toReaders, aShipment).as("path, discrepancies").ends("/discrepancies"),
		path("GET /shipments/*number", toReaders, aShipment).as("path, discrepancies as a file").ends("/discrepancies.xlsx"),
		path("POST /shipments/*number", onShipment, aShipment).takes(thing("shipments")).form("do=close_shipment"),
		path("POST /shipments/*number", onShipment, aShipment).as("path, receive").takes(thing("receipts")).form("do=receive_all"),
		path("POST /shipments/*number", onShipment, aWaiting).as("bulk").param("number", "{shipment}").takes(thing("receipts")).form("do=receive_some&as=well&serials={awaited}+%"),

		plain("GET /places", toSignedIn),
		path("GET /places/*code", toReaders, aPlace),
		path("GET /places/*code", toReaders, aPlace).as("path, as a table").asks("format=csv"),
		path("GET /places/*code", toReaders, aCount).as("path, counts").ends("/stock-takes"),
		path("GET /places/*code", toReaders, aCount).as("path, a count").ends("/stock-takes/2026-05-01"),
		path("GET /places/*code", toReaders, aCount).as("path, a count as a file").ends("/stock-takes/2026-05-01.xlsx"),
		path("POST /places/*code", "stock-takes", aPlace).ends("/stock-takes").form("do=count&serials={device}"),

		plain("GET /imports", "imports"),
		plain("GET /imports/new", "imports"),
		path("POST /imports", "imports", aPlace).as("body").file("kind=shipment&shipment=QXNEW-{n}&to=%", "Serial Number\nQXNEW{n}\n"),
		path("POST /imports", "imports", anImport).as("body, after").file("kind=updates&after=%", "Serial Number,Carton\n{device},C-1\n").listing(),
		path("GET /imports/:ref", "imports", anImport),
		path("GET /imports/:ref", "imports", anApplied).as("path, applied"),
		path("GET /imports/:ref", "imports", anImport).as("path, problems").asks("problems=all&format=csv"),
		path("POST /imports/:ref", "imports", anImport).form("do=commit&digest={digest}&skip_bad=true").unless(byMinistry),
		path("GET /imports/:ref/columns", "imports", anImport),
		path("POST /imports/:ref/columns", "imports", anImport).form("do=columns&s0read=on"),
		path("GET /imports/:ref/annotated.xlsx", "imports", anImport),
		path("GET /imports/:ref/left-out.xlsx", "imports", anImport),
		plain("GET /templates/:name", "imports").param("name", "shipment.xlsx"),
		path("GET /imports/:ref/rows", "imports", anApplied),
		path("GET /imports/:ref/events", "imports", anImport),
		path("GET /imports/:ref/undo", "imports", anApplied).takes(undoing),
		path("POST /imports/:ref/undo", "imports", anApplied).takes(undoing).form("do=undo&digest={digest}"),

		plain("GET /users", "accounts"),
		path("POST /users", "accounts", aPlace).as("body").form("do=add_user&name=qxnew.{n}&role=viewer&place=%&password=slate+and+chalk+1947"),
		path("GET /users/:name", "accounts", anAccount).ofManager(),
		path("POST /users/:name", "accounts", anAccount).ofManager().form("do=disable_user"),
		path("POST /users/:name", "accounts", anAccount).as("path, password").ofManager().form("do=set_password&password=slate+and+chalk+1947"),
		plain("GET /account", toSignedIn),
		plain("GET /account/school", toSignedIn).elsewhere(),
		plain("POST /account/school", toSignedIn).elsewhere(),
		plain("GET /account/google", toSignedIn).elsewhere(),
		plain("POST /account/google", toSignedIn).elsewhere(),
		plain("POST /account", toSignedIn).form("do=change_password&current=mango+tree+by+the+canal&next=mango+tree+by+the+canal&again=mango+tree+by+the+canal").late(1),
	}
}

// thing is what an action takes wherever it is done.
func thing(what string) func(*spot) string { return func(*spot) string { return what } }
