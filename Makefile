# Without make, as on Windows: python bootstrap.py demo. Arguments: make test ARGS="-k holds".
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c "import hashlib" 2>/dev/null && echo $$p && break; done || echo python3)

.PHONY: demo test check bench clean
demo test check bench clean:
	@$(PYTHON) bootstrap.py $@ $(ARGS)
