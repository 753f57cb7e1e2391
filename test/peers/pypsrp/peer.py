"""Reads VMs and calls Resynchronize over WS-Management with pypsrp, a client that shares no code with the simulated host.

Input on stdin, as JSON: "options" for pypsrp.wsman.WSMan, and "steps", a list of
  {"read": "<class>", "max": <MaxElements or null>}   the ElementName of every instance, by Enumerate and Pull
  {"query": "<WQL>", "property": "<name>"}            that property of every instance
  {"resynchronize": "<GUID>"}                         the return value and the job's InstanceID
Output: a list with the result of each step as JSON; an error is {"error": "<class>", "code": ..., "text": ...}.
"""

import json
import sys
import warnings
import xml.etree.ElementTree as ET

warnings.simplefilter("ignore")

from pypsrp.exceptions import AuthenticationError, WinRMTransportError, WSManFaultError  # noqa: E402
from pypsrp.wsman import NAMESPACES, SelectorSet, WSMan, WSManAction  # noqa: E402

CLASSES = "http://schemas.microsoft.com/wbem/wsman/1/wmi/root/virtualization/v2/"
WSEN = "{%s}" % NAMESPACES["wsen"]
WSMAN = "{%s}" % NAMESPACES["wsman"]
WSA = "{%s}" % NAMESPACES["wsa"]


def pulled(wsman, uri, resource, most):
    context = wsman.enumerate(uri, resource).find(".//%sEnumerationContext" % WSEN).text
    while context is not None:
        pull = ET.Element("%sPull" % WSEN)
        ET.SubElement(pull, "%sEnumerationContext" % WSEN).text = context
        if most is not None:
            ET.SubElement(pull, "%sMaxElements" % WSEN).text = str(most)
        answer = wsman.pull(uri, pull)
        yield from answer.find(".//%sItems" % WSEN)
        following = answer.find(".//%sEnumerationContext" % WSEN)
        context = None if following is None else following.text


def read(wsman, step):
    uri = CLASSES + step["read"]
    enumerate_all = ET.Element("%sEnumerate" % WSEN)
    items = pulled(wsman, uri, enumerate_all, step.get("max"))
    return [item.find("{%s}ElementName" % uri).text for item in items]


def query(wsman, step):
    enumerate_some = ET.Element("%sEnumerate" % WSEN)
    dialect = "http://schemas.microsoft.com/wbem/wsman/1/WQL"
    ET.SubElement(enumerate_some, "%sFilter" % WSMAN, Dialect=dialect).text = step["query"]
    items = pulled(wsman, CLASSES + "*", enumerate_some, 50)
    return [child.text for item in items for child in item if child.tag.split("}")[-1] == step["property"]]


def resynchronize(wsman, step):
    uri = CLASSES + "Msvm_ReplicationService"
    body = ET.Element("{%s}Resynchronize_INPUT" % uri)
    computer = ET.SubElement(body, "{%s}ComputerSystem" % uri)
    ET.SubElement(computer, "%sAddress" % WSA).text = NAMESPACES["wsa"] + "/role/anonymous"
    parameters = ET.SubElement(computer, "%sReferenceParameters" % WSA)
    ET.SubElement(parameters, "%sResourceURI" % WSMAN).text = CLASSES + "Msvm_ComputerSystem"
    keys = ET.SubElement(parameters, "%sSelectorSet" % WSMAN)
    ET.SubElement(keys, "%sSelector" % WSMAN, Name="CreationClassName").text = "Msvm_ComputerSystem"
    ET.SubElement(keys, "%sSelector" % WSMAN, Name="Name").text = step["resynchronize"]
    selectors = SelectorSet()
    selectors.add_option("CreationClassName", "Msvm_ReplicationService")
    answer = wsman.invoke(uri + "/Resynchronize", uri, body, selector_set=selectors)
    job = answer.find(".//%sSelector[@Name='InstanceID']" % WSMAN)
    return {
        "returnValue": int(answer.find(".//{%s}ReturnValue" % uri).text),
        "jobId": None if job is None else job.text,
    }


def run(wsman, step):
    try:
        verb = next(verb for name, verb in VERBS.items() if name in step)
        return verb(wsman, step)
    except WSManFaultError as error:
        return {"error": "WSManFaultError", "code": error.code, "text": str(error.reason)}
    except WinRMTransportError as error:
        return {"error": "WinRMTransportError", "code": error.code, "text": error.response_text}
    except AuthenticationError as error:
        return {"error": "AuthenticationError", "code": 401, "text": str(error)}


VERBS = {"read": read, "query": query, "resynchronize": resynchronize}


def main():
    request = json.load(sys.stdin)
    with WSMan(**request["options"]) as wsman:
        json.dump([run(wsman, step) for step in request["steps"]], sys.stdout)


main()
