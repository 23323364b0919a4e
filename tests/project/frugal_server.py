"""The process of a `FrugalServer`: Callboard at all addresses of the loopback, with FRUGAL_FILES open files at most."""

import os
import resource

from script import serve

if __name__ == "__main__":
    files = int(os.environ["FRUGAL_FILES"])
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    serve.main()
