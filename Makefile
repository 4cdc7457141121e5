# make check runs what the pipeline runs.
.PHONY: check
check:
	bash .ci/run
