from . import collection_follow_up
from . import collection_pause
from . import collection_reassign
from . import collection_refuse
from . import collection_checklist
from . import collection_import
from . import collection_template_preview
from . import base_partner_merge
