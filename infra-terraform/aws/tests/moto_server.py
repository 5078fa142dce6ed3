"""Moto's server, with what the module asks for and Moto 5.2.1 does not know: a queue's RedriveAllowPolicy, for which
the provider waits, and a function's recursion config. Takes the arguments of moto_server."""

import json
import sys

from moto.awslambda import urls as lambda_urls
from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket
from moto.server import main
from moto.sqs.models import Queue

_recursive_loops = {}


def _recursion_config(request, full_url, headers):
    function = full_url.split("/functions/")[1].split("/")[0]
    if request.method == "PUT":
        _recursive_loops[function] = json.loads(request.get_data())["RecursiveLoop"]
    return 200, {}, json.dumps({"RecursiveLoop": _recursive_loops.get(function, "Terminate")})


Queue.redrive_allow_policy = None
Queue.BASE_ATTRIBUTES.append("RedriveAllowPolicy")

# As over TLS, which this server does not speak: the buckets' policies deny whatever comes without.
FakeBucket.get_permission = lambda *_: PermissionResult.NEUTRAL

lambda_urls.url_paths[
    r"{0}/(?P<api_version>[^/]+)/functions/(?P<function_name>[\w_:%-]+)/recursion-config$"
] = _recursion_config

if __name__ == "__main__":
    main(sys.argv[1:])
