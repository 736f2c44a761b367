#include "workspace/operations/doctor.h"

namespace tarn::workspace {

using operation::Face;

operation::Declaration<DoctorRequest, DoctorReply> Doctor::declare() {
  operation::Operation o;
  o.name = "doctor";
  o.faces = {Face::cli, Face::network};
  o.doc = "check the installation: model, libraries, disk, permissions";
  o.help = "Exit code 1 when something failed. Each finding comes with its fix.";
  o.examples = {{"tarn doctor", "what is wrong here"}, {"tarn doctor --json", "for a report"}};
  o.list = "checks";
  return operation::declare<DoctorRequest, DoctorReply>(std::move(o),
                                                        [](const DoctorReply& r) { return r.ok ? 0 : 1; });
}

}  // namespace tarn::workspace
