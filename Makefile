# `make test` runs all tests and installs what they need. The other targets are its parts, or are run manually.
CARGO ?= cargo
TARGET := $(or $(CARGO_TARGET_DIR),target)

.PHONY: test check unit npm-test packaging-test readers-test lsp-test wasm bench bless

# The last line is the total of all parts: `N passed, N failed`. `prepare` runs beside the parts before it.
test: wasm-target
	@python3 tests/parts.py "$(MAKE)" check unit prepare deny-test npm-test web-test site-test packaging-test readers-test lsp-test vscode-test cost-test

# Installs the tools of the other parts, and builds their WebAssembly modules: most of this is a single thread's work.
.PHONY: prepare
prepare: chromium $(TARGET)/tools/installed $(TARGET)/tools/bin/cargo-deny $(TARGET)/tools/bin/mdbook pkg/node_modules
	$(CARGO) build -p streamlint-wasm --target wasm32-unknown-unknown --profile wasm --locked
	$(CARGO) build -p streamlint-page --target wasm32-unknown-unknown --profile wasm --locked
	$(CARGO) build --bin streamlint --target wasm32-wasip1 --profile wasi --locked
	$(CARGO) build -p streamlint-vscode --target wasm32-wasip1 --profile wasi --locked

# Checks that run before the tests: formatting, lints, and builds of the library without the command and without an OS.
check: wasm-target
	$(CARGO) fmt --all --check
	$(CARGO) clippy --all-targets --locked -- -D warnings
	$(CARGO) clippy --lib --no-default-features --locked -- -D warnings
	$(CARGO) clippy --lib --no-default-features --features dialects --locked -- -D warnings
	$(CARGO) clippy --lib --no-default-features --features yaml --locked -- -D warnings
	$(CARGO) clippy --lib --no-default-features --features policies --locked -- -D warnings
	$(CARGO) clippy --lib --no-default-features --features convert,crossplane,policies,shell,yaml --locked -- -D warnings
	$(CARGO) clippy --lib --no-default-features --target wasm32-unknown-unknown --locked -- -D warnings
	$(CARGO) clippy -p streamlint-wasm -p streamlint-page --target wasm32-unknown-unknown --locked -- -D warnings
	$(CARGO) clippy -p streamlint-bindgen --locked -- -D warnings
	$(CARGO) clippy --target wasm32-wasip1 --locked -- -D warnings
	$(CARGO) clippy -p streamlint-vscode --target wasm32-wasip1 --locked -- -D warnings
	RUSTDOCFLAGS="-D warnings" $(CARGO) doc --no-deps --lib --locked --quiet

.PHONY: wasm-target
wasm-target:
	@for target in wasm32-unknown-unknown wasm32-wasip1; do \
		rustup target list --installed | grep -qx $$target || rustup target add $$target \
			|| { echo "streamlint needs the Rust target $$target, and rustup could not add it"; exit 1; }; \
	done

# Checks the licenses, duplicate versions and sources of dependencies. Known vulnerabilities require the network, so
# only the CI workflow checks them (`cargo deny check advisories`). Building the tool in debug mode takes half the time.
.PHONY: deny-test
deny-test: $(TARGET)/tools/bin/cargo-deny
	$(TARGET)/tools/bin/cargo-deny --locked check licenses bans sources

$(TARGET)/tools/bin/cargo-deny:
	$(CARGO) install --locked --quiet --debug --root $(TARGET)/tools cargo-deny@0.20.2

# Tests the library with every set of features, even after a failure. A test file declares the features that it
# requires.
FEATURE_SETS := default none dialects yaml
unit:
	@failed=; for features in $(FEATURE_SETS); do \
		echo "features: $$features"; \
		$(CARGO) test --locked --no-fail-fast --no-default-features --features "$${features#none}" || failed="$$failed $$features"; \
	done; test -z "$$failed" || { echo "failed with the features:$$failed"; exit 1; }

# Documents with secrets of every form in every field, valid and damaged: no output may contain one. `make test` has
# 300.
.PHONY: fuzz-secrets
fuzz-secrets: DOCUMENTS ?= 10000
fuzz-secrets:
	DOCUMENTS=$(DOCUMENTS) $(CARGO) test --release --locked --test secrets documents_of_every_shape

# Builds the packed npm package, and tests it in Node, in Chromium, and with common bundlers.
npm-test: wasm chromium
	cd pkg && STREAMLINT=$(abspath $(TARGET))/debug/streamlint npm test

# Builds the page as static files in web/dist: the sources of the package, with the page's own module.
.PHONY: web
web: wasm web/node_modules
	$(CARGO) build -p streamlint-page --target wasm32-unknown-unknown --profile wasm --locked
	$(CARGO) run -p streamlint-bindgen --locked --quiet -- \
		$(TARGET)/wasm32-unknown-unknown/wasm/streamlint_page.wasm web/generated
	cd web && npm run build

# Tests the page in Chromium.
.PHONY: web-test
web-test: web chromium
	cd web && npm test

web/node_modules: web/package-lock.json
	cd web && npm ci --no-audit --no-fund
	@touch $@

# Tests the other packages and the pre-commit hooks, installed with pre-commit and pip.
packaging-test: wasm $(TARGET)/tools/installed
	$(TARGET)/tools/bin/pytest -p no:cacheprovider tests/packaging

# Parses the reports with other programs: SARIF validators, a JUnit parser, GitHub's own library.
readers-test: $(TARGET)/tools/readers tests/readers/node_modules
	$(CARGO) build --locked
	$(TARGET)/tools/bin/pytest -p no:cacheprovider -r s tests/readers

$(TARGET)/tools/readers: tests/readers/requirements.txt $(TARGET)/tools/installed
	$(TARGET)/tools/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

tests/readers/node_modules: tests/readers/package-lock.json
	cd tests/readers && npm ci --no-audit --no-fund --ignore-scripts
	@touch $@

# Tests the language server with VS Code's client library.
lsp-test: tests/lsp/node_modules
	$(CARGO) build --locked
	cd tests/lsp && STREAMLINT=$(abspath $(TARGET))/debug/streamlint npm test

tests/lsp/node_modules: tests/lsp/package-lock.json
	cd tests/lsp && npm ci --no-audit --no-fund --ignore-scripts
	@touch $@

# Builds and packs the VS Code extension: the language server for WASI, and the JavaScript around it.
.PHONY: vscode
vscode: wasm-target pkg/vscode/node_modules
	$(CARGO) build -p streamlint-vscode --target wasm32-wasip1 --profile wasi --locked
	$(CARGO) build --locked
	cd pkg/vscode && node scripts/build.mjs \
		$(abspath $(TARGET))/wasm32-wasip1/wasi/streamlint_vscode.wasm $(abspath $(TARGET))/debug/streamlint
	cd pkg/vscode && npm run --silent pack

# Tests the packed extension in VS Code's workbench and extension host, in Chromium.
.PHONY: vscode-test
vscode-test: vscode chromium pkg/vscode/tests/workbench/node_modules
	cd pkg/vscode/tests/workbench && npm run --silent build
	cd pkg/vscode && STREAMLINT=$(abspath $(TARGET))/debug/streamlint npm test

pkg/vscode/node_modules: pkg/vscode/package-lock.json
	cd pkg/vscode && npm ci --no-audit --no-fund --ignore-scripts
	@touch $@

pkg/vscode/tests/workbench/node_modules: pkg/vscode/tests/workbench/package-lock.json
	cd pkg/vscode/tests/workbench && npm ci --no-audit --no-fund --ignore-scripts
	@touch $@

# Follows the steps of docs/CONTRIBUTING.md for a new rule and a new field, in a copy of the repository.
.PHONY: cost-test
cost-test: $(TARGET)/tools/installed
	$(CARGO) test --locked --no-run
	CARGO_TARGET_DIR=$(abspath $(TARGET)) $(TARGET)/tools/bin/pytest -p no:cacheprovider tests/cost_of_a_change.py

# Installs Python programs, at the required versions.
$(TARGET)/tools/installed: tests/packaging/requirements.txt
	python3 -m venv $(TARGET)/tools
	$(TARGET)/tools/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

.PHONY: chromium
chromium:
	@test -n "$$CHROMIUM" || command -v chromium >/dev/null \
		|| { test "$$(id -u)" = 0 && apt-get update -qq && apt-get install -y -qq --no-install-recommends chromium; } \
		|| { echo "the tests need Chromium: install it, or set CHROMIUM to its path"; exit 1; }

# Builds the module of the npm package, the command for WASI, and the native command, which prints the pages of rules.
wasm: wasm-target pkg/node_modules
	$(CARGO) build -p streamlint-wasm --target wasm32-unknown-unknown --profile wasm --locked
	$(CARGO) run -p streamlint-bindgen --locked --quiet -- \
		$(TARGET)/wasm32-unknown-unknown/wasm/streamlint_wasm.wasm $(TARGET)/bindings
	$(CARGO) build --bin streamlint --target wasm32-wasip1 --profile wasi --locked
	$(CARGO) build --locked
	cd pkg && node scripts/build.mjs $(abspath $(TARGET))/bindings \
		$(abspath $(TARGET))/wasm32-wasip1/wasi/streamlint.wasm $(abspath $(TARGET))/debug/streamlint

pkg/node_modules: pkg/package-lock.json
	cd pkg && npm ci --no-audit --no-fund
	@touch $@

# Builds the documentation for any static file server: an mdBook of the Markdown files, with the page of web/ in try/.
.PHONY: site
site: web $(TARGET)/tools/bin/mdbook
	rm -rf $(TARGET)/book $(TARGET)/site
	$(CARGO) run --locked --quiet --example site -- $(TARGET)/book
	MDBOOK_LOG=warn $(TARGET)/tools/bin/mdbook build --dest-dir $(abspath $(TARGET))/site $(TARGET)/book
	cp -r web/dist/. $(TARGET)/site/try
	sed -i.bak 's|</head>|<link rel="help" href="../index.html"></head>|' $(TARGET)/site/try/index.html
	rm $(TARGET)/site/try/index.html.bak

$(TARGET)/tools/bin/mdbook:
	CARGO_PROFILE_DEV_DEBUG=0 $(CARGO) install --locked --quiet --debug --no-default-features --features search \
		--root $(TARGET)/tools mdbook@0.5.4

# Tests its links, its search and its layout in Chromium.
.PHONY: site-test
site-test: site chromium
	cd web && SITE=$(abspath $(TARGET))/site npm run --silent test:site

# 100,000 damaged texts: no fix makes one worse, according to other parsers.
.PHONY: fuzz-fixes
fuzz-fixes:
	STREAMLINT_MUTATIONS=$(or $(TEXTS),100000) $(CARGO) test --release --locked --test mutations -- --nocapture

# Coverage-guided fuzzing on stable Rust: TIME seconds for each target. Failing inputs are in target/fuzz/artifacts.
# `cargo test --test mutations` runs the same targets for a fixed number of inputs.
FUZZ_TARGETS ?= parse check fix render mask
TIME ?= 1800
.PHONY: fuzz
fuzz: c++ $(TARGET)/tools/bin/cargo-fuzz
	python3 fuzz/seeds.py $(TARGET)/fuzz/seeds
	@for name in $(FUZZ_TARGETS); do \
		mkdir -p $(TARGET)/fuzz/corpus/$$name $(TARGET)/fuzz/artifacts/$$name; \
		PATH="$(abspath $(TARGET))/tools/bin:$$PATH" $(CARGO) fuzz run --sanitizer none --target-dir $(TARGET)/fuzz $$name \
			$(TARGET)/fuzz/corpus/$$name $(TARGET)/fuzz/seeds -- -max_total_time=$(TIME) -max_len=4096 -timeout=10 \
			-print_final_stats=1 -verbosity=0 -artifact_prefix=$(abspath $(TARGET))/fuzz/artifacts/$$name/ || exit 1; \
	done

# Checks that a test fails for each mutant that cargo-mutants creates in the code of .cargo/mutants.toml. Thousands take
# days, so this runs one of SHARDS parts. PART (from 0) selects it; MUTANTS is a pattern of mutants, like `^src/mask`.
.PHONY: mutants
PART ?= 0
SHARDS ?= 40
MUTANTS ?= ^src
mutants: $(TARGET)/tools/bin/cargo-mutants
	PROPTEST_CASES=32 STREAMLINT_MUTATIONS=200 $(TARGET)/tools/bin/cargo-mutants mutants --re '$(MUTANTS)' \
		--shard $(PART)/$(SHARDS) --sharding round-robin --output $(TARGET)/mutants

$(TARGET)/tools/bin/cargo-mutants:
	$(CARGO) install --locked --quiet --debug --root $(TARGET)/tools cargo-mutants@27.1.0

# libFuzzer is written in C++.
.PHONY: c++
c++:
	@command -v c++ >/dev/null \
		|| { test "$$(id -u)" = 0 && apt-get update -qq && apt-get install -y -qq --no-install-recommends g++; } \
		|| { echo "the fuzz targets need a C++ compiler"; exit 1; }

# cargo-fuzz adds the coverage that libFuzzer reads; without a sanitizer, it works on stable.
$(TARGET)/tools/bin/cargo-fuzz:
	$(CARGO) install --locked --quiet --root $(TARGET)/tools cargo-fuzz@0.13.2

# Ratios to other validators in the same run, and the delay between a keystroke and its marks on the page.
bench: benches/peers/node_modules web chromium $(TARGET)/peers/bin/jsonschema-cli
	$(CARGO) bench --locked --bench check
	$(CARGO) bench --locked --bench growth
	JSONSCHEMA_CLI=$(abspath $(TARGET))/peers/bin/jsonschema-cli $(CARGO) bench --locked --bench files
	cd web && npm run --silent bench

# Without it, the bench continues and reports that it is missing.
$(TARGET)/peers/bin/jsonschema-cli:
	-$(CARGO) install --locked --quiet --root $(TARGET)/peers jsonschema-cli@0.60.2

benches/peers/node_modules: benches/peers/package-lock.json
	cd benches/peers && npm ci
	@touch $@

# A million definitions through PySpark, on one core and on two. It requires Java 17, and half a gigabyte for PySpark.
.PHONY: scale
scale: $(TARGET)/scale/installed
	@command -v java >/dev/null || { echo "PySpark needs Java 17: install it, for example openjdk-17-jre-headless"; exit 1; }
	$(CARGO) build --release --locked
	$(TARGET)/scale/bin/python tests/scale/run.py $(TARGET)/release/streamlint $(COUNT)

$(TARGET)/scale/installed: tests/scale/requirements.txt
	python3 -m venv $(TARGET)/scale
	$(TARGET)/scale/bin/pip install --quiet --disable-pip-version-check --requirement $<
	@touch $@

# Rewrites the committed files that tests compare: snapshots, bundled schemas, the README's table of rules. TESTS passes
# options to cargo, to rewrite only some of them.
bless:
	INSTA_UPDATE=always STREAMLINT_BLESS=1 $(CARGO) test --locked --no-fail-fast $(TESTS)
