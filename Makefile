# What a developer does, a line each. `mvn verify` is the gate and exactly what CI runs.
MVN := mvn -q
JAVA = $(shell BGP_PEER_DRY_RUN=1 ./bgp-peer | cut -d " " -f 1) --enable-native-access=ALL-UNNAMED

SESSIONS = $(MVN) -DskipTests -Dformat=skip package && $(JAVA) -cp bench/target/bench.jar org.bgppeer.bench.ManySessions
CRASH = $(MVN) -Dformat=skip -Dcrash.rounds=200 -Dsurefire.failIfNoSpecifiedTests=false -pl app -am test

help: ## this menu
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
check: ## everything that CI checks: format, compile, all tests
	mvn -B verify
fast: ## compile and test without bench, interop and the format check
	$(MVN) -Dformat=skip -pl '!bench,!interop' verify
fmt: ## format all Java sources
	$(MVN) -N toolchains:select-jdk-toolchain exec:exec -Dformat=fmt
bless: ## accept what the replay tests of the store and the document of the configuration wrote as right; look at the diff
	$(MVN) -Dformat=skip -Dbless=true -pl store,app -am test
bench: ## measure: time to a full table in the database, memory, session end (ARGS=--help)
	$(MVN) -DskipTests -Dformat=skip package && $(JAVA) -jar bench/target/bench.jar $(ARGS)
sessions: ## measure: 10,000 sessions with 100 routes each for 10 minutes, then a reload in which one changed
	$(SESSIONS) --reload $(ARGS)
storm: ## measure: 200 sessions with 50,000 routes each that begin at once
	$(SESSIONS) --neighbors 200 --routes 50000 --minutes 1 $(ARGS)
flood: ## measure: 10,000 connects a second from addresses that are not configured, for 30 s, beside 100 sessions
	$(SESSIONS) --neighbors 100 --routes 1000 --change 1 --minutes 0 --strangers 10000 $(ARGS)
reload: ## measure: a reload with 10,000 neighbors of which one changed, five times
	$(SESSIONS) --minutes 0 --reload $(ARGS)
interop: ## against BIRD, FRR, GoBGP, OpenBGPD and ExaBGP of this machine
	$(MVN) -Dformat=skip -Dtest='org/bgppeer/interop/*Test' -Dsurefire.failIfNoSpecifiedTests=false -pl interop -am test
fuzz: ## feed the decoders noise, five minutes each; what breaks one is kept as a test input
	for t in attributes messages opens mrt captures; do JAZZER_FUZZ=1 nice -n 19 $(MVN) -Dformat=skip -Djazzer.hooks=true \
	  -Dtest="MessageFuzzTest#$$t" -pl wire test || exit 1; done
screenshots: ## a tour of the demo in Chromium by keyboard and click; what it saw is in web/target/screenshots
	$(MVN) -DskipTests -Dformat=skip package && mkdir -p target && rm -rf web/target/screenshots
	./bgp-peer demo --web 127.0.0.1:8390 >target/demo.log 2>&1 & demo=$$!; trap "kill $$demo" EXIT; \
	  while kill -0 $$demo && ! grep -q "Open " target/demo.log; do sleep 1; done; \
	  $(MVN) -Dformat=skip -Dtest=DemoTourTest -Dtour.url=http://127.0.0.1:8390 -Dsurefire.failIfNoSpecifiedTests=false -pl web -am test
crash: ## kill the collector 200 times and compare what is left (ARGS="-Dcrash.rounds=… -Dcrash.seed=…")
	$(CRASH) -Dtest=CrashTest $(ARGS)
crashpg: ## the same with PostgreSQL, whose server is killed as well
	$(CRASH) -Dtest=PostgresCrashTest $(ARGS)
.PHONY: help check fast fmt bless bench sessions storm flood reload interop fuzz screenshots crash crashpg
