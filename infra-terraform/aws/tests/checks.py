"""What the test script asks of an applied example:

checks.py changes PLAN_JSON EXAMPLE LISTED   a second plan changes what the file LISTED says, no more and no less
checks.py applied NAME CONFIGURATION         what was made fits together
checks.py left                               nothing is left
"""

import json
import sys

import boto3

REGIONS = ["eu-central-1", "eu-west-1"]
REQUIRED = [
    "TIDEMARK_CONFIGURATION", "TIDEMARK_CONTROL_BUCKET", "TIDEMARK_CONTROL_QUEUE", "TIDEMARK_DEPLOYMENT",
    "TIDEMARK_TABLE", "TIDEMARK_TRANSFER_QUEUE",
]


def refuse(what, expected, found):
    sys.exit(f"{what}: expected {expected}, found {found}")


def changed(change):
    """The attributes in which a planned change differs from what there is."""
    before, after = change["before"] or {}, change["after"] or {}
    unknown = change["after_unknown"] or {}
    return sorted(
        name for name in before.keys() | after.keys() | unknown.keys()
        if unknown.get(name) is True or before.get(name) != after.get(name)
    )


def changes(plan, example, listed):
    with open(plan) as file:
        resources = json.load(file).get("resource_changes", [])
    found = [
        f"{example} {each['address']} {','.join(each['change']['actions'])} {','.join(changed(each['change']))}"
        for each in resources if each["change"]["actions"] not in (["no-op"], ["read"])
    ]
    with open(listed) as file:
        expected = [line for line in file.read().splitlines() if line.startswith(example + " ")]
    more, less = set(found) - set(expected), set(expected) - set(found)
    if more or less:
        refuse(
            f"second plan of {example}", "what " + listed + " says",
            "\n".join(["these beside it:", *sorted(more), "and not these:", *sorted(less)]),
        )


def applied(name, configuration):
    client = boto3.client
    prefix = f"tidemark-{name}"
    mappings = client("lambda").list_event_source_mappings()["EventSourceMappings"]
    functions = [
        each for each in client("lambda").list_functions()["Functions"] if each["FunctionName"].startswith(prefix + "-")
    ]
    kinds = sorted(each["FunctionName"].removeprefix(prefix + "-") for each in functions)
    if not {"control", "deadletter", "schedule", "transfer"} <= set(kinds):
        refuse("functions", "control, deadletter, schedule, transfer", kinds)
    for function in functions:
        variables = function["Environment"]["Variables"]
        missing = [each for each in REQUIRED if not variables.get(each)]
        if missing:
            refuse(function["FunctionName"], "variables " + ", ".join(REQUIRED), f"none of the name {missing}")
        client("dynamodb").describe_table(TableName=variables["TIDEMARK_TABLE"])
        for queue in ["TIDEMARK_CONTROL_QUEUE", "TIDEMARK_TRANSFER_QUEUE"]:
            client("sqs").get_queue_attributes(QueueUrl=variables[queue], AttributeNames=["QueueArn"])
        stored = client("s3").get_object(Bucket=variables["TIDEMARK_CONTROL_BUCKET"], Key=variables["TIDEMARK_CONFIGURATION"])
        with open(configuration, "rb") as file:
            if stored["Body"].read() != file.read():
                refuse("configuration in the control bucket", "that of the example", "another")
        wanted = {"control": "control", "transfer": "transfer", "deadletter": "dead"}.get(
            function["FunctionName"].removeprefix(prefix + "-")
        )
        queues = [
            each["EventSourceArn"].split(":")[-1] for each in mappings if each["FunctionArn"] == function["FunctionArn"]
        ]
        if queues != ([f"{prefix}-{wanted}"] if wanted else []):
            refuse(function["FunctionName"], f"messages of {wanted or 'no queue'}", queues)
    scheduler = client("scheduler")
    for schedule in scheduler.list_schedules(GroupName=prefix)["Schedules"]:
        target = scheduler.get_schedule(GroupName=prefix, Name=schedule["Name"])["Target"]
        event = json.loads(target["Input"])
        if event != {"tick": True} and (
            schedule["Name"] != "policy-" + event.get("policy", "")
            or '"<aws.scheduler.scheduled-time>"' not in target["Input"]
        ):
            refuse("schedule " + schedule["Name"], "its policy, and the word for its time as it is", target["Input"])
        if not target["Arn"].endswith(f":{prefix}-schedule"):
            refuse("schedule " + schedule["Name"], "the function schedule", target["Arn"])


def everything(region):
    def client(service):
        return boto3.client(service, region_name=region)

    ec2 = client("ec2")
    yield "buckets", client("s3").list_buckets()["Buckets"]
    yield "queues", client("sqs").list_queues().get("QueueUrls", [])
    yield "tables", client("dynamodb").list_tables()["TableNames"]
    yield "functions", client("lambda").list_functions()["Functions"]
    yield "mappings", client("lambda").list_event_source_mappings()["EventSourceMappings"]
    yield "roles", client("iam").list_roles()["Roles"]
    yield "schedules", client("scheduler").list_schedules()["Schedules"]
    yield "groups of schedules", [
        each for each in client("scheduler").list_schedule_groups()["ScheduleGroups"] if each["Name"] != "default"
    ]
    yield "APIs", client("apigatewayv2").get_apis()["Items"]
    yield "log groups", client("logs").describe_log_groups()["logGroups"]
    yield "alarms", client("cloudwatch").describe_alarms()["MetricAlarms"]
    yield "dashboards", client("cloudwatch").list_dashboards()["DashboardEntries"]
    yield "topics", client("sns").list_topics()["Topics"]
    yield "networks", [each for each in ec2.describe_vpcs()["Vpcs"] if not each["IsDefault"]]
    yield "security groups", [
        each for each in ec2.describe_security_groups()["SecurityGroups"] if each["GroupName"] != "default"
    ]
    yield "endpoints", [
        each for each in ec2.describe_vpc_endpoints()["VpcEndpoints"] if each["State"].lower() != "deleted"
    ]


def left():
    found = {
        f"{kind} in {region}": items for region in REGIONS for kind, items in everything(region) if items
    }
    if found:
        refuse("after destroy", "nothing", json.dumps(found, default=str, indent=1))


if __name__ == "__main__":
    {"changes": changes, "applied": applied, "left": left}[sys.argv[1]](*sys.argv[2:])
