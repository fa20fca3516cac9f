call buildlint#ale#Define('yaml')
