call buildlint#ale#Define('buildcontent')
